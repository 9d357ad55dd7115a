#!/usr/bin/env bash
# Rotates secrets and deploys the layers that read them: scripts/rotate-secret.sh --stack prod anthropicApiKey --file FILE
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain
exec rollout rotate "$@"
