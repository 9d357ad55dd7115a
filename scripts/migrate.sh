#!/usr/bin/env bash
# Migrates the database with the deployed image of the gateway: scripts/migrate.sh --stack prod
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain
exec rollout migrate "$@"
