/** What is wrong with AWS credentials, and what to do about it. */
import { hasCode } from "../errors.ts";
import type { Fault } from "../fault.ts";
import { credentialsSource, type CredentialsSource } from "./credentials-source.ts";

const EXPIRED = /expired/i;
const MISSING = ["CredentialsProviderError", "TokenProviderError"];
const NOT_ACCEPTED = [
  "InvalidClientTokenId",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
  "InvalidAccessKeyId",
  "InvalidToken",
  "InvalidIdentityToken",
];
const REFUSED = ["AccessDenied", "AccessDeniedException"];

/** Whether the error is that a session, or a token, has expired. */
export function isExpired(error: unknown): boolean {
  return error instanceof Error && (EXPIRED.test(error.name) || EXPIRED.test(error.message));
}

/** Whether the credentials are why a call failed, rather than the network or the call itself. */
export function isOfCredentials(error: unknown): error is Error {
  return error instanceof Error && (isExpired(error) || [...MISSING, ...NOT_ACCEPTED, ...REFUSED].includes(error.name));
}

/** The fault of the credentials in use, from the error of a call to AWS. Reads the user's AWS files. */
export async function credentialsFault(error: Error, env: NodeJS.ProcessEnv): Promise<Fault> {
  return faultOf(error, await credentialsSource(env), env);
}

function faultOf(error: Error, source: CredentialsSource, env: NodeJS.ProcessEnv): Fault {
  const { name, message } = error;
  if (message.includes("multi-factor authentication")) {
    const profile = env.AWS_PROFILE ?? "default";
    return {
      message: `The profile ${profile} needs a code of an MFA device, which neither the rollout nor Pulumi can ask for.`,
      fix: `This asks for the code, and starts a session: eval "$(aws configure export-credentials --profile ${profile} --format env)" && unset AWS_PROFILE`,
    };
  }
  if (message.includes("sts:AssumeRole")) {
    const fix = "Both the trust policy of the role and the policies of the caller must allow that call.";
    return { message: `AWS does not give these credentials the role: ${name}: ${message}`, fix };
  }
  if (REFUSED.includes(name)) {
    const fix = "Add the permission: ./rollout setup --print-iam prints the policies that a role needs.";
    return { message: `AWS refuses a call to these credentials: ${name}: ${message}`, fix };
  }
  if (isExpired(error)) {
    return { message: `The AWS credentials have expired: ${message}`, fix: renewal(source) };
  }
  if (MISSING.includes(name) || hasCode(error, "ENOENT")) {
    return { message: `There are no AWS credentials: ${message}`, fix: renewal(source) };
  }
  return NOT_ACCEPTED.includes(name)
    ? { message: `AWS does not accept the credentials: ${name}: ${message}`, fix: renewal(source) }
    : {
        message: `AWS cannot be asked whose the credentials are: ${name}: ${message}`,
        fix: "Check the network, HTTPS_PROXY, AWS_CA_BUNDLE and AWS_ENDPOINT_URL.",
      };
}

/** How to get credentials that work from this source. */
export function renewal(source: CredentialsSource): string {
  switch (source.kind) {
    case "sso":
      return `Log in again: aws sso login --profile ${source.profile}`;
    case "login":
      return `Log in again: aws login --profile ${source.profile}`;
    case "process":
      return `Run the credential_process of the profile ${source.profile} yourself: aws configure get credential_process --profile ${source.profile} prints it. It must print credentials that are valid, in JSON.`;
    case "profile":
      return `Check the credentials of the profile ${source.profile}: aws configure --profile ${source.profile}`;
    case "missing-profile":
      return `No AWS profile is named ${source.profile}. aws configure list-profiles prints the names; AWS_PROFILE chooses one.`;
    case "web-identity":
      return "The file in AWS_WEB_IDENTITY_TOKEN_FILE must have a token that is valid, and the trust policy of the role in AWS_ROLE_ARN must accept it.";
    case "variables":
      return "Get new credentials and export them: nothing renews those in AWS_ACCESS_KEY_ID. To use a profile: unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN";
    case "none":
      return "To log in: aws sso login, or aws configure. AWS_PROFILE chooses among several profiles.";
  }
}
