#!/usr/bin/env bash
# Gets the toolchain, then runs lint, type-check and all tests, also after a failure. Ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib/toolchain.sh
source scripts/lib/toolchain.sh
use_toolchain

counts=$(mktemp)
eslint_output=$(mktemp)
unit_output=$(mktemp)
trap 'rm -f "$counts" "$eslint_output" "$unit_output"' EXIT

# Runs one check that is no test suite and counts it as one test.
check() {
  echo "== $*"
  if "$@"; then echo "1 0" >>"$counts"; else echo "0 1" >>"$counts"; fi
}

# Runs tests with these options of mocha; a suite that ends before it has counted (a crash) is one failure.
suite() {
  echo "== mocha $*"
  local count
  count=$(mktemp)
  TEST_COUNTS_FILE=$count mocha --reporter testing/src/counting-reporter.mjs "$@" || true
  if [ ! -s "$count" ]; then echo "0 1" >"$count"; fi
  cat "$count" >>"$counts"
  rm "$count"
}

# It takes longer than the other checks together, so it runs beside them. What it prints comes after theirs.
check eslint . >"$eslint_output" 2>&1 &
check prettier --check .
check tsc --noEmit
check knip --no-progress --treat-config-hints-as-errors
wait
cat "$eslint_output"
# Engine tests mostly wait: for the emulated AWS, for locks. The other tests use the processors meanwhile, and what they
# print comes at the end. The engine tests that take longest come first.
suite 'test/!(engine)/**/*.test.ts' --parallel --jobs 2 >"$unit_output" 2>&1 &
suite 'test/engine/rollout-engine.test.ts' 'test/engine/four-layers.test.ts' 'test/engine/!(rollout-engine|four-layers).test.ts' --parallel --jobs 6
wait
cat "$unit_output"

awk '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$counts"
