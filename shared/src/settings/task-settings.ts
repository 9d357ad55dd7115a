/** Keys of the services layer that define how tasks run. Most keys exist once for each service. */
import { sidecars } from "../aws/sidecars.ts";
import { bool, command, integer, listOf, numberFrom, oneOf, text } from "../values/value-kinds.ts";
import { serviceName, type PublicServiceKey, type ServiceKey } from "../services.ts";
import { atOnce, rolling } from "./effect.ts";
import { policyArn } from "./common-settings.ts";
import { defaulted, optional } from "./setting.ts";

const services = { layers: ["services"], secret: false } as const;

/** Identifies an image in its repository by tag or by digest. */
export const imageTagKind = text(
  "an image tag, or a digest such as sha256: and 64 hexadecimal digits",
  /^(?!sha256:)\w[\w.-]{0,127}$|^sha256:[0-9a-f]{64}$/,
);

/** Allows only characters that need no quoting in a URL or in the container's check command. ELB accepts up to 1024. */
const path = text("a path such as /health", /^\/[\w.~%?=&+:@,;/-]{0,1023}$/);

const scaling = atOnce("Changes autoscaling.");

interface Defaults {
  readonly cpu: number;
  readonly memory: number;
  readonly healthCheckPath: string;
}

/** Returns the settings of one service by key, without the service's name as prefix. */
function keysOfService(key: ServiceKey, { cpu, memory, healthCheckPath }: Defaults) {
  const service = serviceName(key);
  const task = { ...services, effects: [rolling(service)] } as const;
  const count = (what: string, tasks: number) =>
    defaulted(tasks, integer(0, 100), { ...services, effects: [scaling], description: `${what} of ${service} tasks.` });
  return {
    ImageTag: optional(imageTagKind, {
      ...task,
      description: `Tag or digest of the ${service}'s image in its repository. Left out: the service runs no tasks.`,
    }),
    Cpu: defaulted(cpu, numberFrom(256, 512, 1024, 2048, 4096, 8192, 16384), {
      ...task,
      description: `CPU units of a ${service} task. Fargate must support them together with the memory.`,
    }),
    Memory: defaulted(memory, integer(512, 122880, "MiB"), {
      ...task,
      description: `Memory of a ${service} task.`,
    }),
    DesiredCount: defaulted(1, integer(0, 100), {
      ...services,
      effects: [atOnce("Changes the number of tasks, unless autoscaling decides.")],
      description:
        `Number of ${service} tasks when the service is created. Later changes have no effect while ${key}MinCount is ` +
        `below ${key}MaxCount: autoscaling decides then.`,
    }),
    MinCount: count("Minimum number", 1),
    MaxCount: count("Maximum number", 4),
    Command: optional(command, {
      ...task,
      description: `Command that the ${service}'s container runs. Left out: the image's command.`,
    }),
    CpuArchitecture: defaulted("X86_64", oneOf("X86_64", "ARM64"), {
      ...task,
      description: `CPU architecture of the ${service}'s tasks. Its image must be built for it. ARM64 costs a fifth less.`,
    }),
    Sidecars: defaulted([], sidecars, {
      ...task,
      description:
        `More containers in each task of the ${service}. Their images must need no login. They share the task's CPU, memory, address ` +
        "and log group. They can write to their root file system.",
    }),
    // Amazon IAM quotas: ten managed policies for a role, unless the account has more.
    TaskPolicyArns: defaulted([], listOf(policyArn, 0, 10), {
      ...task,
      description: `IAM policies for the programs of the ${service}, which then has a role of its own. The role is the output ${key}TaskRoleArn.`,
    }),
    // ECS API Reference, EphemeralStorage: 21 to 200. Without it, a task has 20.
    EphemeralStorageGiB: optional(integer(21, 200, "GiB"), {
      ...task,
      description:
        `Disk of a ${service} task. Left out: 20 GiB, which are free. ` +
        "Each additional GiB costs about 0.08 USD a month.",
    }),
    ReadonlyRootFilesystem: optional(bool, {
      ...task,
      description:
        `Whether the ${service}'s container can write only to /tmp. Left out: ` +
        (key === "llmProxy"
          ? "false, because LiteLLM writes to the folder of its code."
          : "true, except with enableExecuteCommand."),
    }),
    HealthCheckPath: defaulted(healthCheckPath, path, {
      ...task,
      description:
        `Path that answers 200 when the ${service} is healthy. ` +
        (key === "worker" ? "The container checks it." : "The container and the load balancer check it."),
    }),
  };
}

/** Returns the additional settings of a service with a load balancer, without the service's name as prefix. */
function keysOfPublicService(key: PublicServiceKey, startSeconds: number) {
  const service = serviceName(key);
  return {
    // The maximum is from the ECS API Reference, CreateService.
    HealthCheckGracePeriodSeconds: defaulted(startSeconds, integer(0, 2_147_483_647, "seconds"), {
      ...services,
      effects: [atOnce("Changes the service.")],
      description: `How long a new ${service} task may fail the load balancer's health check.`,
    }),
    // Elastic Load Balancing, idle_timeout.timeout_seconds: 1 to 4000.
    IdleTimeoutSeconds: optional(integer(1, 4000, "seconds"), {
      ...services,
      effects: [atOnce("Changes the load balancer.")],
      description: `How long a connection to the ${service} may be idle. Left out: albIdleTimeoutSeconds.`,
    }),
  };
}

type Prefixed<Key extends ServiceKey, Settings> = {
  readonly [Name in Extract<keyof Settings, string> as `${Key}${Name}`]: Settings[Name];
};

/** Returns the settings with the service in front of their names. */
export function prefixed<Key extends ServiceKey, Settings extends object>(key: Key, settings: Settings) {
  const entries = Object.entries(settings).map(([name, setting]) => [`${key}${name}`, setting as unknown]);
  return Object.fromEntries(entries) as Prefixed<Key, Settings>;
}

/** Settings of the services' tasks. */
export const taskSettings = {
  ...prefixed("gateway", keysOfService("gateway", { cpu: 512, memory: 1024, healthCheckPath: "/health" })),
  ...prefixed("gateway", keysOfPublicService("gateway", 120)),
  ...prefixed("llmProxy", keysOfService("llmProxy", { cpu: 512, memory: 1024, healthCheckPath: "/health/liveliness" })),
  ...prefixed("llmProxy", keysOfPublicService("llmProxy", 180)),
  ...prefixed("worker", keysOfService("worker", { cpu: 256, memory: 512, healthCheckPath: "/health" })),
  containerUser: optional(text("a user id, or user:group such as 1000:1000", /^\d+(?::\d+)?$/), {
    ...services,
    effects: [rolling("gateway", "worker")],
    description:
      "User that gateway and worker run as. It must be able to read the program. Left out: the image's user.",
  }),
  migrationCommand: optional(command, {
    ...services,
    effects: [atOnce("Changes the migration task, which nothing starts by itself.")],
    description:
      "Command that migrates the database. scripts/migrate.sh and deploy-all.sh --migrate run it in the gateway's " +
      "image. Left out: no migration task is created.",
  }),
};
