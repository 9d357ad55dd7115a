/** One service's secret in Secrets Manager, with its content. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ServiceName } from "@proliferate-infra/shared/services";
import { payloadKeys, renderPayload, type SecretPayload } from "./secret-payloads.ts";

/** A secret and its current version. Exposes where the content is, never the content. */
export class ServiceSecret extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  /** Version that holds the payload; a new payload makes a new version. */
  readonly versionId: pulumi.Output<string>;
  /** Sorted names of the variables in the secret. */
  readonly keys: pulumi.Output<string[]>;

  /** @param service reads the secret, such as `gateway` */
  constructor(scope: LayerScope<"secrets">, service: ServiceName, payload: pulumi.Output<SecretPayload>) {
    const { settings } = scope;
    const name = `${service}-secret`;
    super("proliferate:secrets:ServiceSecret", name, {}, { parent: scope.parent });
    const secret = new aws.secretsmanager.Secret(
      name,
      {
        name: scope.name("secret", service),
        description: `Environment variables of the ${service}`,
        recoveryWindowInDays: settings.secretRecoveryWindowDays,
        ...(settings.kmsKeyArn !== undefined && { kmsKeyId: settings.kmsKeyArn }),
      },
      { parent: this, protect: settings.protectResources },
    );
    // Not protected: a changed payload replaces the version, and tasks pinned to the old one keep it as AWSPREVIOUS.
    const version = new aws.secretsmanager.SecretVersion(
      `${name}-version`,
      { secretId: secret.id, secretString: pulumi.secret(payload.apply(renderPayload)) },
      { parent: this },
    );
    this.arn = secret.arn;
    this.versionId = version.versionId;
    // The names are no secret, though the values that they come with are.
    this.keys = pulumi.unsecret(payload.apply(payloadKeys));
    this.registerOutputs({ arn: this.arn, versionId: this.versionId, keys: this.keys });
  }
}
