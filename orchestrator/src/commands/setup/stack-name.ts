/** Which names an environment may have: those that Pulumi, S3, KMS and DynamoDB all take. Pure. */
import { UserError } from "@proliferate-infra/backend/errors";
import { LOCAL_STACK } from "@proliferate-infra/backend/environment/local-names";

/**
 * Refuses a name that cannot be an environment's. Pulumi itself would take capitals, dots and underscores; two names that
 * differ only in those would be one in the names of AWS resources.
 *
 * @throws UserError that says what is allowed.
 */
export function checkStackName(stack: string): void {
  if (stack === LOCAL_STACK) {
    throw new UserError("The stack local is the emulated AWS on this machine: scripts/try-local.sh sets it up.");
  }
  if (stack === "example") {
    throw new UserError('The stack name "example" is taken by the sample environments/example.yaml.');
  }
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(stack) || stack.length > 40) {
    throw new UserError(
      `The stack name "${stack}" is not possible. It must have at most 40 lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen.`,
    );
  }
}
