#!/usr/bin/env bash
# Deploys other images: scripts/release.sh --stack prod gateway=v2 worker=v2
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain
exec rollout release "$@"
