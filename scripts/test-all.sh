#!/usr/bin/env bash
# Gets the toolchain, then runs lint, type-check and all tests, also after a failure. Ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib/toolchain.sh
source scripts/lib/toolchain.sh
use_toolchain

counts=$(mktemp)
eslint_output=$(mktemp)
trap 'rm -f "$counts" "$eslint_output"' EXIT
export TEST_COUNTS_FILE=$counts

# Runs one check that is no test suite and counts it as one test.
check() {
  echo "== $*"
  if "$@"; then echo "1 0" >>"$counts"; else echo "0 1" >>"$counts"; fi
}

# Runs the tests of one glob, with further options of mocha; a suite that ends before it has counted (a crash) is one failure.
suite() {
  echo "== $1"
  local before
  before=$(wc -l <"$counts")
  mocha --reporter testing/src/counting-reporter.mjs "$@" || true
  if [ "$(wc -l <"$counts")" -eq "$before" ]; then echo "0 1" >>"$counts"; fi
}

# It takes longer than the other checks together, so it runs beside them. What it prints comes after theirs.
check eslint . >"$eslint_output" 2>&1 &
check prettier --check .
check tsc --noEmit
check knip --no-progress --treat-config-hints-as-errors
wait
cat "$eslint_output"
suite 'test/!(engine)/**/*.test.ts' --parallel --jobs 2
# Each file has an emulator of its own, and waits for the emulated AWS most of the time. The longest come first.
suite 'test/engine/rollout-engine.test.ts' 'test/engine/rotate-secrets.test.ts' 'test/engine/!(rollout-engine|rotate-secrets).test.ts' --parallel --jobs 4

awk '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$counts"
