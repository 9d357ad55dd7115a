/** How a layer's program is previewed where its secrets cannot be decrypted: with placeholders, whose differences do not count. */
import * as pulumi from "@pulumi/pulumi";

/** Variable that a rollout sets when the secrets in settings and states are placeholders. */
export const UNKNOWN_SECRETS_VARIABLE = "ROLLOUT_UNKNOWN_SECRETS";

/** Properties that are made from secrets, by resource type. A test compares them with the layers. */
export const secretProperties: Readonly<Record<string, readonly string[]>> = {
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
  "aws:rds/instance:Instance": ["password"],
  "aws:elasticache/replicationGroup:ReplicationGroup": ["authToken"],
};

/** Lets existing resources keep what is made from secrets, when these are placeholders. Call it before resources are registered. */
export function keepUnknownSecrets(): void {
  if (process.env[UNKNOWN_SECRETS_VARIABLE] === undefined) {
    return;
  }
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const ignoreChanges = [...(secretProperties[type] ?? [])];
    return ignoreChanges.length === 0 ? undefined : { props, opts: pulumi.mergeOptions(opts, { ignoreChanges }) };
  });
}
