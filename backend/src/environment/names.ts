/** Names of what an environment needs before its first layer: state, lock and key. Pure. */
import type { S3State } from "./state-url.ts";

/** Names in one account and region. */
export interface EnvironmentNames {
  /** AWS account, twelve digits. */
  readonly account: string;
  /** Stack name in all layers. */
  readonly stack: string;
  /** State below a prefix of its own; bucket and lock table are the account's. */
  readonly state: S3State;
  /** Alias of the environment's KMS key, which encrypts its secrets. */
  readonly keyAlias: string;
  /** For `pulumi stack init --secrets-provider`. */
  readonly secretsProvider: string;
}

/** Names of the environment `stack` in an account and region. */
export function environmentNames(account: string, region: string, stack: string): EnvironmentNames {
  const keyAlias = `alias/proliferate-pulumi-${stack}`;
  return {
    account,
    stack,
    state: {
      kind: "s3",
      bucket: `proliferate-pulumi-${account}-${region}`,
      prefix: stack,
      region,
      lockTable: `pulumi-locks-${account}-${region}`,
    },
    keyAlias,
    secretsProvider: `awskms://${keyAlias}?region=${region}`,
  };
}
