# Source this in bash or zsh: plain pulumi, pnpm and rollout then work on the local environment.
# Starts the emulated AWS when it is down, and says what was lost by that. Changes only the environment of this shell.
# shellcheck shell=bash

# zsh has no BASH_SOURCE; there $0 is the sourced file. A bash of its own, because set -e must not reach this shell.
if _proliferate_variables=$(
  cd -- "$(dirname -- "${BASH_SOURCE[0]:-$0}")/.." >/dev/null && bash -c '
    set -euo pipefail
    source scripts/lib/toolchain.sh
    use_toolchain >&2
    rollout local up >&2
    rollout local env
  '
); then
  eval "$_proliferate_variables"
  unset _proliferate_variables
else
  unset _proliferate_variables
  echo "scripts/local-env.sh: this shell is unchanged." >&2
  false
fi
