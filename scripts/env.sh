# A shell for one environment: source scripts/env.sh <stack>, in bash or zsh.
# Plain pulumi, pnpm and rollout then work on that environment: its state, its secrets, its stack. Your own pulumi login stays.
# For the stack local it starts the emulated AWS when it is down. Changes only the variables of this shell.
# shellcheck shell=bash

# zsh has no BASH_SOURCE; there $0 is the sourced file. A bash of its own, because set -e must not reach this shell.
if _proliferate_variables=$(
  cd -- "$(dirname -- "${BASH_SOURCE[0]:-$0}")/.." >/dev/null && bash -c '
    set -euo pipefail
    source scripts/lib/toolchain.sh
    if [ -z "$1" ]; then
      echo "Name the environment: source scripts/env.sh <stack>" >&2
      exit 3
    fi
    use_toolchain >&2
    if [ "$1" = local ]; then
      rollout local up >&2
      exec rollout local env
    fi
    exec rollout env --stack "$1"
  ' bash "${1:-}"
); then
  eval "$_proliferate_variables"
  unset _proliferate_variables
else
  unset _proliferate_variables
  echo "scripts/env.sh: this shell is unchanged." >&2
  false
fi
