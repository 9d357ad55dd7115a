#!/usr/bin/env bash
# Stops the emulated AWS of this checkout and prints what is deleted.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib/toolchain.sh
source scripts/lib/toolchain.sh
use_toolchain
exec rollout local stop
