#!/usr/bin/env bash
# Sets up an environment: state bucket, lock table, KMS key, login, one stack in each layer, environments/NAME.yaml.
# First prints its plan and asks. Run it again after an interruption to complete the setup.
#   scripts/setup-pulumi.sh --stack prod [--region eu-west-1] [--yes] [--json]
#   scripts/setup-pulumi.sh --stack trial --file ~/trial-state     state in a folder, without AWS
#   scripts/setup-pulumi.sh --stack prod --print-iam               IAM policies of a preview role and a deploy role
set -euo pipefail
# shellcheck source=scripts/lib/toolchain.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib/toolchain.sh"
use_toolchain >&2
exec rollout setup "$@"
