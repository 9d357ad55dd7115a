# shellcheck shell=bash
# Sourced by the scripts of scripts/, in bash.

_checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)

# Puts node, pnpm, pulumi, the AWS provider, ministack and shellcheck first on PATH and installs missing tools. Then adds
# the commands of the project's packages, which it also installs. TOOLCHAIN_BIN is set to the toolchain's folder.
# On failure, prints the reason and returns 1.
use_toolchain() {
  _require_bootstrap_node || return 1
  TOOLCHAIN_BIN=$(node "$_checkout/tools/set-up.mjs" --print-path) || return 1
  local commands="$TOOLCHAIN_BIN:$_checkout/node_modules/.bin"
  case "$PATH" in
    "$commands":*) ;;
    *) PATH="$commands:$PATH" ;;
  esac
  # Turns off the CLI's update check, which prints a warning and takes seconds without a network.
  export PATH TOOLCHAIN_BIN PULUMI_SKIP_UPDATE_CHECK=true
  node "$_checkout/tools/install-packages.mjs"
}

_require_bootstrap_node() {
  local found="there is no node on PATH"
  if command -v node >/dev/null; then
    node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 18 ? 0 : 1)' && return 0
    found="$(command -v node) is $(node --version)"
  fi
  echo "Node.js >= 18 is needed to get the toolchain ($found)." >&2
  echo "Install it from https://nodejs.org or with the system's package manager." >&2
  return 1
}
