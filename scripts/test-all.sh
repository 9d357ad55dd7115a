#!/usr/bin/env bash
# Gets the toolchain, then runs lint, type-check and all tests, also after a failure. Ends with "N passed, N failed".
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib/toolchain.sh
source scripts/lib/toolchain.sh
use_toolchain

counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
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

check eslint .
check prettier --check .
check tsc --noEmit
check knip --no-progress --treat-config-hints-as-errors
suite 'test/!(engine)/**/*.test.ts'
# Each file has an emulator of its own, and waits most of the time.
suite 'test/engine/**/*.test.ts' --parallel --jobs 2

awk '{ passed += $1; failed += $2 } END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 }' "$counts"
