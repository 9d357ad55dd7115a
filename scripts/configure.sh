#!/usr/bin/env bash
# Edits an environment's settings. Without a subcommand it prompts. It does not change values that are already correct.
#   scripts/configure.sh --stack prod
#   scripts/configure.sh set --stack prod appUrl=https://app.example.com --secret anthropicApiKey=@key.txt
#   scripts/configure.sh set --stack prod --from-env-file answers.env
#   scripts/configure.sh list --stack prod [--json]
#   scripts/configure.sh unset --stack prod alarmTopicArn
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain >&2
exec rollout configure "$@"
