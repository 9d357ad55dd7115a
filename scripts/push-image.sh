#!/usr/bin/env bash
# Pushes an image to a service's repository: scripts/push-image.sh gateway ../app/gateway --stack prod
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain
exec rollout push-image "$@"
