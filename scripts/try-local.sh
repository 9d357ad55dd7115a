#!/usr/bin/env bash
# Deploys all four layers to an emulated AWS on this machine, with the real engine and provider. Does not stop the emulator.
# --json: one JSON document on stdout, progress on stderr.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "$*" in
  "" | --json) ;;
  *)
    echo "usage: scripts/try-local.sh [--json]" >&2
    exit 3
    ;;
esac

# shellcheck source=scripts/lib/toolchain.sh
source scripts/lib/toolchain.sh
use_toolchain >&2

rollout local up
variables=$(rollout local env)
eval "$variables"

status=0
rollout up --stack local --yes --pipelined "$@" || status=$?

if [[ $status -eq 0 && $# -eq 0 ]]; then
  cat <<'NEXT'

Next:
  source scripts/local-env.sh                       a shell in which pulumi and rollout work on this environment
  pulumi stack output --json --cwd stacks/services  outputs of a layer
  pulumi up --cwd stacks/services                   one layer alone
  scripts/stop-local.sh                             stop the emulated AWS; what is deployed in it is lost
The emulator runs neither containers nor a database: the URLs above do not answer.
NEXT
fi
exit "$status"
