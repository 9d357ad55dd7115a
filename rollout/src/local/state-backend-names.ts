/** Names of the bucket and the key that hold Pulumi's state, the same in every account. */

/** Folder of the state in its bucket. */
const STATE_PREFIX = "state";

/** Where an account keeps Pulumi's state. */
export interface StateBackendNames {
  readonly region: string;
  readonly bucket: string;
  /** Alias of the KMS key that encrypts secrets. */
  readonly keyAlias: string;
  /** For `pulumi login` or PULUMI_BACKEND_URL. */
  readonly url: string;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
  /** Prefix of the objects that describe stacks; `<project>/<stack>.json` follows. */
  readonly stacksPrefix: string;
}

/** Names of the state backend of an account in a region. */
export function stateBackendNames(account: string, region: string): StateBackendNames {
  const bucket = `proliferate-pulumi-${account}-${region}`;
  const keyAlias = "alias/proliferate-pulumi";
  return {
    region,
    bucket,
    keyAlias,
    url: `s3://${bucket}/${STATE_PREFIX}?region=${region}`,
    secretsProvider: `awskms://${keyAlias}?region=${region}`,
    stacksPrefix: `${STATE_PREFIX}/.pulumi/stacks/`,
  };
}
