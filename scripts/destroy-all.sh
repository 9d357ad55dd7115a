#!/usr/bin/env bash
# Deletes an environment, services first and network last: scripts/destroy-all.sh --stack dev-ann
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain
exec rollout destroy "$@"
