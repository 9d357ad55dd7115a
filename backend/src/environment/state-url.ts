/**
 * The state URL, which names where an environment's state is:
 * `s3://<bucket>/<prefix>?region=<region>&dynamodb_table=<table>`, or `file://<folder>`. Pure.
 *
 * The table is the rollout's own: Pulumi refuses the parameter, so its URL goes without.
 */
import { isAbsolute } from "node:path";
import { UserError } from "../errors.ts";

/** State in a bucket, with a DynamoDB table for the lock. */
export interface S3State {
  readonly kind: "s3";
  readonly bucket: string;
  /** Folder in the bucket, without slashes at its ends. */
  readonly prefix: string;
  readonly region: string;
  /** DynamoDB table that holds the environment's lock. */
  readonly lockTable: string;
}

/** State in a folder of this machine. */
export interface FileState {
  readonly kind: "file";
  /** Absolute path. */
  readonly directory: string;
}

export type StateLocation = S3State | FileState;

const FORMS = "s3://<bucket>/<prefix>?region=<region>&dynamodb_table=<table> or file:///<absolute folder>";
const S3_PARAMETERS = ["region", "dynamodb_table"];

/** Parameters with which Pulumi's URL has credentials of its own, as in docs/decisions/0023-one-account.md. */
const CREDENTIAL_PARAMETERS = ["profile", "role", "assumeRole", "assume_role", "role_arn"];

/**
 * Reads the documented URL.
 *
 * @throws UserError that names what is missing or not allowed.
 */
export function parseStateUrl(text: string): StateLocation {
  const refuse = (why: string) => new UserError(`The state URL ${text} ${why}. It must be ${FORMS}.`);
  if (text.startsWith("file://")) {
    const directory = text.slice("file://".length);
    if (!isAbsolute(directory)) {
      throw refuse("does not name an absolute folder");
    }
    return { kind: "file", directory };
  }
  if (!text.startsWith("s3://") || !URL.canParse(text)) {
    throw refuse("has another form");
  }
  const { host, pathname, searchParams, hash } = new URL(text);
  const prefix = pathname.replace(/^\/+|\/+$/g, "");
  const unknown = [...searchParams.keys()].filter((key) => !S3_PARAMETERS.includes(key));
  if (unknown.some((key) => CREDENTIAL_PARAMETERS.includes(key))) {
    throw refuse(
      `has the parameter ${unknown.join(", ")}, but the state and the environment's resources have the same credentials, of one account: those of AWS_PROFILE or of the shell's other variables`,
    );
  }
  if (unknown.length > 0 || hash !== "") {
    throw refuse(`has ${unknown.length > 0 ? `the parameter ${unknown.join(", ")}` : "a fragment"}`);
  }
  const [region = "", lockTable = ""] = S3_PARAMETERS.map((key) => searchParams.get(key) ?? "");
  const missing = Object.entries({ bucket: host, prefix, region, dynamodb_table: lockTable }).filter(
    ([, value]) => value === "",
  );
  if (missing.length > 0) {
    throw refuse(`lacks ${missing.map(([name]) => name).join(", ")}`);
  }
  return { kind: "s3", bucket: host, prefix, region, lockTable };
}

/** The documented URL. */
export function formatStateUrl(location: StateLocation): string {
  return location.kind === "file"
    ? backendUrl(location)
    : `${backendUrl(location)}&dynamodb_table=${location.lockTable}`;
}

/** The URL that Pulumi takes, for `pulumi login` and PULUMI_BACKEND_URL. */
export function backendUrl(location: StateLocation): string {
  return location.kind === "file"
    ? `file://${location.directory}`
    : `s3://${location.bucket}/${location.prefix}?region=${location.region}`;
}
