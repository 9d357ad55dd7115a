# A shell for one environment: source scripts/env.sh <stack>, in bash or zsh.
# Plain pulumi, pnpm and rollout then use that environment's state, secrets and stack. Your own pulumi login does not change.
# For the stack local it starts the emulated AWS if it is not running. Changes only the variables of this shell.
# shellcheck shell=bash

# zsh has no BASH_SOURCE; its $0 is the sourced file. A separate bash, because set -e must not affect this shell.
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
