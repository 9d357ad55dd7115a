#!/usr/bin/env bash
# Shows what a deployment of an environment would do, in all layers: scripts/preview-all.sh --stack prod
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain
exec rollout preview "$@"
