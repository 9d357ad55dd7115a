/** The AWS provider that every resource of a layer uses. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { AwsAccount } from "../aws/iam.ts";
import type { LayerName } from "../layers.ts";
import type { Tags } from "../values/tags.ts";
import type { ProviderOptions } from "../settings/provider-settings.ts";

/** What the provider needs to know of an environment. */
export interface ProviderSettings {
  readonly region: string;
  readonly environment: string;
  readonly extraTags: Tags;
  readonly provider: ProviderOptions;
}

/** Tags of everything in a layer. Known at start and without timestamps, so that they never cause a change. */
export function defaultTags(settings: ProviderSettings, layer: LayerName): Record<string, string> {
  return {
    ...settings.extraTags,
    Project: "proliferate",
    Environment: settings.environment,
    Layer: layer,
    ManagedBy: "pulumi",
  };
}

/** The layer's explicit provider. Credentials and endpoints come from the process environment. */
export function createAwsProvider(settings: ProviderSettings, layer: LayerName): aws.Provider {
  const { allowedAccountIds, forbiddenAccountIds, ignoreTags } = settings.provider;
  return new aws.Provider("aws", {
    region: settings.region as aws.Region,
    defaultTags: { tags: defaultTags(settings, layer) },
    ...(allowedAccountIds !== undefined && { allowedAccountIds: [...allowedAccountIds] }),
    ...(forbiddenAccountIds !== undefined && { forbiddenAccountIds: [...forbiddenAccountIds] }),
    ...(ignoreTags !== undefined && { ignoreTags }),
  });
}

/** The properties of a role that set its permissions boundary. */
export function permissionsBoundary({
  permissionsBoundaryArn,
}: {
  readonly permissionsBoundaryArn: string | undefined;
}) {
  return permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: permissionsBoundaryArn };
}

/** Where the resources below `parent` are: partition and account of their provider. */
export function accountOf(parent: pulumi.Resource): pulumi.Output<AwsAccount> {
  return pulumi.output({
    partition: aws.getPartitionOutput({}, { parent }).partition,
    accountId: aws.getCallerIdentityOutput({}, { parent }).accountId,
  });
}

/** Account that the provider's credentials belong to. */
export async function accountIdOf(provider: aws.Provider): Promise<string> {
  const { accountId } = await aws.getCallerIdentity({}, { provider });
  return accountId;
}
