/** One service's secret in Secrets Manager, with its content. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { physicalName } from "@proliferate-infra/shared/aws/resource-names";
import { payloadKeys, renderPayload, type SecretPayload } from "./secret-payloads.ts";

/** Inputs of a service's secret. */
export interface ServiceSecretArgs {
  readonly resourcePrefix: string;
  /** Service that reads the secret, such as `gateway`. */
  readonly service: string;
  readonly payload: pulumi.Output<SecretPayload>;
  /** Days in which a deleted secret can be brought back, and in which its name stays taken; 0 deletes at once. */
  readonly recoveryWindowInDays: number;
  readonly protect: boolean;
  /** Key that it is encrypted with; undefined: AWS's own. */
  readonly kmsKeyArn: string | undefined;
}

/** A secret and its current version. Exposes where the content is, never the content. */
export class ServiceSecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Version that holds the payload; a new payload makes a new version. */
  readonly versionId: pulumi.Output<string>;
  /** Sorted names of the variables in the secret. */
  readonly keys: pulumi.Output<string[]>;

  constructor(name: string, args: ServiceSecretArgs, options: pulumi.ComponentResourceOptions) {
    super("proliferate:secrets:ServiceSecret", name, {}, options);
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: physicalName("secret", args.resourcePrefix, args.service),
        description: `Environment variables of the ${args.service}`,
        recoveryWindowInDays: args.recoveryWindowInDays,
        ...(args.kmsKeyArn !== undefined && { kmsKeyId: args.kmsKeyArn }),
      },
      { parent: this, protect: args.protect },
    );
    // Not protected: a changed payload replaces the version, and tasks pinned to the old one keep it as AWSPREVIOUS.
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, secretString: pulumi.secret(args.payload.apply(renderPayload)) },
      { parent: this },
    );
    this.arn = secret.arn;
    this.versionId = version.versionId;
    // The names are no secret, though the values that they come with are.
    this.keys = pulumi.unsecret(args.payload.apply(payloadKeys));
    this.registerOutputs({ arn: this.arn, versionId: this.versionId, keys: this.keys });
  }
}
