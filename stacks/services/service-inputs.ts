/** What each service needs of the layers before: its secret, its security groups, the URL of Redis. */
import * as pulumi from "@pulumi/pulumi";
import type { Upstreams } from "@proliferate-infra/shared/contracts/all-contracts";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { settingOf } from "@proliferate-infra/shared/settings/catalog";
import type { PublicServiceKey, ServiceKey } from "@proliferate-infra/shared/services";

type ServicesUpstream = Upstreams<"services">;

/** Upstream outputs of one service. */
export interface ServiceInputs {
  readonly secretArn: pulumi.Output<string>;
  readonly secretVersionId: pulumi.Output<string>;
  /** Names of the variables in the secret. */
  readonly secretKeys: pulumi.Output<string[]>;
  readonly taskSecurityGroupId: pulumi.Output<string>;
}

/** Upstream outputs of a service behind a load balancer. */
export interface PublicServiceInputs extends ServiceInputs {
  readonly albSecurityGroupId: pulumi.Output<string>;
}

/**
 * What a service needs.
 *
 * @throws pulumi.RunError when a layer before was deployed without the llm-proxy.
 */
export function serviceInputs({ network, secrets }: ServicesUpstream, service: ServiceKey): ServiceInputs {
  return {
    secretArn: present("enableLlmProxy", "secrets", `${service}SecretArn`, secrets[`${service}SecretArn`]),
    secretVersionId: present(
      "enableLlmProxy",
      "secrets",
      `${service}SecretVersionId`,
      secrets[`${service}SecretVersionId`],
    ),
    secretKeys: present("enableLlmProxy", "secrets", `${service}SecretKeys`, secrets[`${service}SecretKeys`]),
    taskSecurityGroupId: present(
      "enableLlmProxy",
      "network",
      `${service}TaskSecurityGroupId`,
      network[`${service}TaskSecurityGroupId`],
    ),
  };
}

/** What a service behind a load balancer needs; like `serviceInputs`. */
export function publicServiceInputs(upstream: ServicesUpstream, service: PublicServiceKey): PublicServiceInputs {
  return {
    ...serviceInputs(upstream, service),
    albSecurityGroupId: present(
      "enableLlmProxy",
      "network",
      `${service}AlbSecurityGroupId`,
      upstream.network[`${service}AlbSecurityGroupId`],
    ),
  };
}

/** CloudWatch's names of Postgres and Redis; empty where the data layer was deployed before it published them. */
export function dataMetrics({ data }: ServicesUpstream) {
  return {
    databaseInstanceId: data.databaseInstanceId ?? pulumi.output<string | undefined>(undefined),
    redisNodeIds: data.redisNodeIds ?? pulumi.output<string[]>([]),
  };
}

/**
 * Returns an output that a layer has only with `setting`.
 *
 * @throws pulumi.RunError when it was deployed without.
 */
export function present<T>(
  setting: "enableLlmProxy" | "createS3Bucket",
  layer: LayerName,
  key: string,
  output: pulumi.Output<T> | undefined,
): pulumi.Output<T> {
  if (output === undefined) {
    const layers = settingOf(setting)
      .layers.join(", ")
      .replace(/, (?=\w+$)/, " and ");
    throw new pulumi.RunError(
      `${setting} is true, but the layer ${layer} has no ${key}: it was deployed with ${setting} false. ` +
        `Set ${setting} alike in ${layers}, then deploy ${layer} first: ${deployCommand(layer)}`,
    );
  }
  return output;
}

/**
 * The Redis URL for a service's plain variables; undefined when the service's secret holds it.
 *
 * @throws pulumi.RunError, inside the output, when the URL is secret and the service's secret does not hold it yet.
 */
export function plainRedisUrl(
  data: ServicesUpstream["data"],
  secretKeys: pulumi.Output<string[]>,
): pulumi.Output<string | undefined> {
  return pulumi
    .all([data.redisUrlIsSecret, secretKeys])
    .apply(([isSecret, keys]): pulumi.Output<string | undefined> => {
      if (keys.includes("REDIS_URL")) {
        return pulumi.output(undefined);
      }
      if (isSecret) {
        throw new pulumi.RunError(
          "redisUrl of the layer data carries a token, but the services' secrets have no REDIS_URL yet. " +
            `Deploy secrets first: ${deployCommand("secrets")}`,
        );
      }
      // Taken only here, so that a plain environment does not become secret as a whole.
      return data.redisUrl;
    });
}

function deployCommand(layer: LayerName): string {
  return `scripts/deploy-all.sh --stack ${pulumi.getStack()} --only ${layer}`;
}
