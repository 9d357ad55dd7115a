# The shell of scripts/env.sh for the local environment: source scripts/local-env.sh, in bash or zsh.
# shellcheck shell=bash
# shellcheck source=scripts/env.sh
source "$(dirname -- "${BASH_SOURCE[0]:-$0}")/env.sh" local
