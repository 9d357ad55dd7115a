#!/usr/bin/env bash
# Installs the toolchain, then runs lint, type-check and all tests, even after a failure. Ends with all failures and the
# line "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib/toolchain.sh
source scripts/lib/toolchain.sh
use_toolchain

counts=$(mktemp)
failures=$(mktemp)
eslint_output=$(mktemp)
unit_output=$(mktemp)
trap 'rm -f "$counts" "$failures" "$eslint_output" "$unit_output"' EXIT

# Runs one check that is not a test suite and counts it as one test.
check() {
  echo "== $*"
  if "$@"; then
    echo "1 0" >>"$counts"
  else
    echo "0 1" >>"$counts"
    echo "- $* (its output is above)" >>"$failures"
  fi
}

# Runs tests with these mocha options. A suite that crashes before it has counted its tests is one failure.
suite() {
  echo "== mocha $*"
  local count
  count=$(mktemp)
  TEST_COUNTS_FILE=$count TEST_FAILURES_FILE=$failures mocha --reporter testing/src/counting-reporter.mjs "$@" || true
  if [ ! -s "$count" ]; then
    echo "0 1" >"$count"
    echo "- mocha $* ended before it had counted its tests" >>"$failures"
  fi
  cat "$count" >>"$counts"
  rm "$count"
}

# It takes longer than the other checks together, so it runs in parallel. Its output is printed after theirs.
check eslint . >"$eslint_output" 2>&1 &
check prettier --check .
check tsc --noEmit
check knip --no-progress --treat-config-hints-as-errors
wait
cat "$eslint_output"
# Engine tests mostly wait for the emulated AWS and for locks, so the other tests run in parallel. Their output is
# printed at the end. The longest engine tests start first.
suite 'test/!(engine)/**/*.test.ts' --parallel --jobs 2 >"$unit_output" 2>&1 &
suite 'test/engine/rollout-engine.test.ts' 'test/engine/four-layers.test.ts' 'test/engine/!(rollout-engine|four-layers).test.ts' --parallel --jobs 6
wait
cat "$unit_output"

# The output is long, so failures are repeated where a reader of a log looks first.
if [ -s "$failures" ]; then
  echo "== failures"
  cat "$failures"
fi
awk '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$counts"
