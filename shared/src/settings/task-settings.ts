/** Keys of the services layer: how the services' tasks run. Most are there once for each service. */
import { bool, command, integer, numberFrom, text } from "../values/value-kinds.ts";
import { serviceName, type PublicServiceKey, type ServiceKey } from "../services.ts";
import { defaulted, optional } from "./setting.ts";

const services = { layers: ["services"], secret: false } as const;

/** What names an image in its repository: a tag, or the digest that no tag can be moved away from. */
export const imageTagKind = text(
  "an image tag, or a digest such as sha256: and 64 hexadecimal digits",
  /^(?!sha256:)\w[\w.-]{0,127}$|^sha256:[0-9a-f]{64}$/,
);

/** Characters that need no quoting in a URL or in the command of the container's own check. ELB takes up to 1024. */
const path = text("a path such as /health", /^\/[\w.~%?=&+:@,;/-]{0,1023}$/);

/** What a service is without settings. */
interface Defaults {
  readonly cpu: number;
  readonly memory: number;
  readonly healthCheckPath: string;
}

/** Keys of one service, without the service's name at their beginning. */
function keysOfService(key: ServiceKey, { cpu, memory, healthCheckPath }: Defaults) {
  const service = serviceName(key);
  const count = (what: string, tasks: number) =>
    defaulted(tasks, integer(0, 100), { ...services, description: `${what} of the ${service}'s tasks.` });
  return {
    ImageTag: optional(imageTagKind, {
      ...services,
      description: `Tag or digest of the ${service}'s image in its repository. Left out: the service runs no tasks.`,
    }),
    Cpu: defaulted(cpu, numberFrom(256, 512, 1024, 2048, 4096, 8192, 16384), {
      ...services,
      description: `CPU units of a ${service} task; must be a pair with its memory that Fargate runs.`,
    }),
    Memory: defaulted(memory, integer(512, 122880, "MiB"), {
      ...services,
      description: `Memory of a ${service} task.`,
    }),
    DesiredCount: count("Number", 1),
    MinCount: count("Lowest number", 1),
    MaxCount: count("Highest number", 4),
    Command: optional(command, {
      ...services,
      description: `What the ${service}'s container runs; left out: what its image says.`,
    }),
    // ECS API Reference, EphemeralStorage: 21 to 200; every task has 20 without it.
    EphemeralStorageGiB: optional(integer(21, 200, "GiB"), {
      ...services,
      description: `Disk of a ${service} task; left out: 20 GiB, which cost nothing. About 0.08 USD for each GiB more and month.`,
    }),
    ReadonlyRootFilesystem: optional(bool, {
      ...services,
      description:
        `Whether the ${service}'s container can write only to /tmp. Left out: ` +
        (key === "llmProxy"
          ? "false, because LiteLLM writes beside its own code."
          : "true, but with enableExecuteCommand."),
    }),
    HealthCheckPath: defaulted(healthCheckPath, path, {
      ...services,
      description: `Path that answers 200 when the ${service} is well${key === "worker" ? "" : ": for its container and its load balancer"}.`,
    }),
  };
}

/** Keys of one service behind a load balancer, without the service's name at their beginning. */
function keysOfPublicService(key: PublicServiceKey, startSeconds: number) {
  const service = serviceName(key);
  return {
    // Most that ECS takes (ECS API Reference, CreateService).
    HealthCheckGracePeriodSeconds: defaulted(startSeconds, integer(0, 2_147_483_647, "seconds"), {
      ...services,
      description: `How long a starting ${service} task may fail its load balancer's health check.`,
    }),
    // Elastic Load Balancing, idle_timeout.timeout_seconds: 1 to 4000.
    IdleTimeoutSeconds: optional(integer(1, 4000, "seconds"), {
      ...services,
      description: `How long a connection to the ${service} may be silent; left out: albIdleTimeoutSeconds.`,
    }),
  };
}

type Prefixed<Key extends ServiceKey, Settings> = {
  readonly [Name in Extract<keyof Settings, string> as `${Key}${Name}`]: Settings[Name];
};

function prefixed<Key extends ServiceKey, Settings extends object>(key: Key, settings: Settings) {
  const entries = Object.entries(settings).map(([name, setting]) => [`${key}${name}`, setting as unknown]);
  return Object.fromEntries(entries) as Prefixed<Key, Settings>;
}

/** Settings of how the services run. */
export const taskSettings = {
  ...prefixed("gateway", keysOfService("gateway", { cpu: 512, memory: 1024, healthCheckPath: "/health" })),
  ...prefixed("gateway", keysOfPublicService("gateway", 120)),
  ...prefixed("llmProxy", keysOfService("llmProxy", { cpu: 512, memory: 1024, healthCheckPath: "/health/liveliness" })),
  ...prefixed("llmProxy", keysOfPublicService("llmProxy", 180)),
  ...prefixed("worker", keysOfService("worker", { cpu: 256, memory: 512, healthCheckPath: "/health" })),
  containerUser: optional(text("a user's number, or user:group such as 1000:1000", /^\d+(?::\d+)?$/), {
    ...services,
    description: "User that gateway and worker run as; left out, the images' own. It must be able to read the program.",
  }),
  migrationCommand: optional(command, {
    ...services,
    description:
      "What migrates the database, run in the gateway's image by scripts/migrate.sh and deploy-all.sh --migrate. " +
      "Left out: there is no task for it.",
  }),
};
