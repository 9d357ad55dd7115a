/** The services as the settings describe them: size, number, port, health. Pure. */
import {
  serviceName,
  type PublicServiceKey,
  type ServiceKey,
  type ServiceName,
} from "@proliferate-infra/shared/services";
import type { Sidecar } from "@proliferate-infra/shared/aws/sidecars";
import type { LayerSettings } from "@proliferate-infra/shared/settings/pulumi-settings";

/** A name of a service, made in a hosted zone together with its certificate. */
export interface ServiceDomain {
  /** Such as `gateway.example.com`. */
  readonly name: string;
  /** Id of the Route 53 zone that answers for it. */
  readonly hostedZoneId: string;
}

/** Port that LiteLLM's image listens on unless it gets another one. */
export const LITELLM_PORT = 4000;

/** One service that the environment runs. */
export interface ServiceDefinition {
  readonly key: ServiceKey;
  readonly name: ServiceName;
  /** Tag in the service's own repository; undefined until a first image is pushed. */
  readonly imageTag: string | undefined;
  /** CPU units of a task, 1024 = one virtual CPU. */
  readonly cpu: number;
  /** Memory of a task in MiB. */
  readonly memory: number;
  readonly desiredCount: number;
  readonly minCount: number;
  readonly maxCount: number;
  /** Port that the container listens on. */
  readonly port: number;
  /** Path that answers 200 when the service is well. */
  readonly healthCheckPath: string;
  /** What its image runs, and so what the health check inside the container can be written in. */
  readonly runtime: "node" | "python";
  /** Time, in seconds, in which a starting container need not be healthy. */
  readonly startPeriodSeconds: number;
  /** What its container runs; undefined: what its image says. */
  readonly command: readonly string[] | undefined;
  /** Whether its container can write only to `/tmp`. */
  readonly readonlyRootFilesystem: boolean;
  readonly cpuArchitecture: "X86_64" | "ARM64";
  /** Managed policies that its programs have beside what they need anyway. */
  readonly taskPolicyArns: readonly string[];
  /** Further containers in each task. */
  readonly sidecars: readonly Sidecar[];
  /** Disk of a task in GiB; undefined: Fargate's own 20. */
  readonly ephemeralStorageGiB: number | undefined;
  /** Number of the user that it runs as; undefined: the image's own. */
  readonly user: string | undefined;
}

/** A service behind a public load balancer. */
export interface PublicServiceDefinition extends ServiceDefinition {
  readonly key: PublicServiceKey;
  /** Certificate of its load balancer that is there already; with neither one nor a domain it speaks plain HTTP. */
  readonly certificateArn: string | undefined;
  /** Name that it is reached by; undefined when names are managed elsewhere. */
  readonly domain: ServiceDomain | undefined;
  /** How long, in seconds, a starting task may fail its load balancer's health check. */
  readonly healthCheckGracePeriodSeconds: number;
  /** How long, in seconds, a connection may be silent. */
  readonly idleTimeoutSeconds: number;
}

/** The services of an environment. */
export interface ServiceDefinitions {
  readonly gateway: PublicServiceDefinition;
  /** Undefined without the proxy. */
  readonly llmProxy: PublicServiceDefinition | undefined;
  readonly worker: ServiceDefinition;
}

/** The environment's services, as its settings configure them. */
export function serviceDefinitions(settings: LayerSettings<"services">): ServiceDefinitions {
  return {
    gateway: gatewayDefinition(settings),
    llmProxy: settings.enableLlmProxy ? llmProxyDefinition(settings) : undefined,
    worker: workerDefinition(settings),
  };
}

function gatewayDefinition(settings: LayerSettings<"services">): PublicServiceDefinition {
  return {
    ...serviceSettings(settings, "gateway"),
    ...publicSettings(settings, "gateway"),
    port: settings.gatewayPort,
    runtime: "node",
    startPeriodSeconds: 60,
    user: settings.containerUser,
  };
}

function llmProxyDefinition(settings: LayerSettings<"services">): PublicServiceDefinition {
  return {
    ...serviceSettings(settings, "llmProxy"),
    ...publicSettings(settings, "llmProxy"),
    command: settings.llmProxyCommand ?? llmProxyCommand(settings),
    port: settings.llmProxyPort,
    runtime: "python",
    // It migrates its database before it listens.
    startPeriodSeconds: 120,
    user: undefined,
  };
}

/** The image's own command has the image's own port. */
function llmProxyCommand({ llmProxyPort: port }: LayerSettings<"services">): readonly string[] | undefined {
  return port === LITELLM_PORT ? undefined : ["--config", "/app/config.yaml", "--port", String(port)];
}

function workerDefinition(settings: LayerSettings<"services">): ServiceDefinition {
  return {
    ...serviceSettings(settings, "worker"),
    port: settings.workerPort,
    runtime: "node",
    startPeriodSeconds: 60,
    user: settings.containerUser,
  };
}

function publicSettings(settings: LayerSettings<"services">, key: PublicServiceKey) {
  const { hostedZoneId, [`${key}Domain` as const]: name, [`${key}CertificateArn` as const]: certificateArn } = settings;
  // The settings' own check demands the zone.
  const domain = name === undefined || hostedZoneId === undefined ? undefined : { name, hostedZoneId };
  return {
    ...{ key, certificateArn, domain },
    healthCheckGracePeriodSeconds: settings[`${key}HealthCheckGracePeriodSeconds`],
    idleTimeoutSeconds: settings[`${key}IdleTimeoutSeconds`] ?? settings.albIdleTimeoutSeconds,
  };
}

/**
 * ECS Exec writes its agent into the container; LiteLLM and its Prisma engine write beside their own code
 * (BerriAI/litellm#13369, #23756).
 */
function hasReadonlyRoot({ enableExecuteCommand }: LayerSettings<"services">, key: ServiceKey): boolean {
  return key !== "llmProxy" && !enableExecuteCommand;
}

function serviceSettings(settings: LayerSettings<"services">, key: ServiceKey) {
  return {
    key,
    name: serviceName(key),
    imageTag: settings[`${key}ImageTag`],
    cpu: settings[`${key}Cpu`],
    memory: settings[`${key}Memory`],
    desiredCount: settings[`${key}DesiredCount`],
    minCount: settings[`${key}MinCount`],
    maxCount: settings[`${key}MaxCount`],
    healthCheckPath: settings[`${key}HealthCheckPath`],
    command: settings[`${key}Command`],
    readonlyRootFilesystem: settings[`${key}ReadonlyRootFilesystem`] ?? hasReadonlyRoot(settings, key),
    cpuArchitecture: settings[`${key}CpuArchitecture`],
    sidecars: settings[`${key}Sidecars`],
    taskPolicyArns: settings[`${key}TaskPolicyArns`],
    ephemeralStorageGiB: settings[`${key}EphemeralStorageGiB`],
  };
}

/**
 * Command that asks a service for its health from inside its container. It is written in what the image runs anyway,
 * because images need not have curl.
 */
export function healthCommand({ runtime, port, healthCheckPath }: ServiceDefinition): readonly string[] {
  const url = `http://127.0.0.1:${port}${healthCheckPath}`;
  return runtime === "node"
    ? ["CMD", "node", "-e", `fetch("${url}").then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))`]
    : ["CMD", "python3", "-c", `import urllib.request; urllib.request.urlopen("${url}", timeout=4)`];
}
