#!/usr/bin/env bash
# Deploys network, data, secrets and services of an environment in order: scripts/deploy-all.sh --stack prod [--yes]
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain
exec rollout up "$@"
