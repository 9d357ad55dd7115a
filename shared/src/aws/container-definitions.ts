/**
 * Container definitions of an ECS task as canonical JSON: sorted containers and variables, every default that ECS
 * would add written out. Otherwise the text in the state differs from what ECS reports, and each deployment registers
 * a new task definition although nothing changed.
 */
import { byteLength, sizeProblem } from "./aws-limits.ts";

/** Where and how a container's output is logged. */
interface ContainerLogs {
  /** Name of the CloudWatch log group. */
  readonly group: string;
  readonly region: string;
}

/** How ECS asks a container whether it is well. */
interface ContainerHealthCheck {
  /** Program and arguments, run inside the container; exit code 0 means healthy. */
  readonly command: readonly string[];
  /** Failures in the first seconds of a container do not count. 0 to 300. */
  readonly startPeriodSeconds: number;
}

/** One container of a task. */
export interface Container {
  readonly name: string;
  /** Repository URL with tag or digest. */
  readonly image: string;
  /** Whether the task stops when this container does. */
  readonly essential: boolean;
  /** Port that other machines reach; undefined when none do. */
  readonly port: number | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that ECS reads from Secrets Manager: name to `valueFrom`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Undefined for a container that does its work and ends. */
  readonly healthCheck: ContainerHealthCheck | undefined;
  /** Program and arguments; undefined: what the image says. */
  readonly command: readonly string[] | undefined;
  /** A read-only root file system comes with a writable `/tmp`, which the task must have as the volume `tmp`. */
  readonly readonlyRootFilesystem: boolean;
  readonly logs: ContainerLogs;
  /** Number of the user, or `user:group`; undefined: the image's own. */
  readonly user: string | undefined;
}

/** Name of the task volume that a container with a read-only root file system mounts at `/tmp`. */
export const temporaryVolume = "tmp";

/** Most that Fargate waits, in seconds, between SIGTERM and SIGKILL. */
const STOP_TIMEOUT_SECONDS = 120;
const HEALTH_CHECK_SECONDS = { interval: 30, timeout: 5 };
const HEALTH_CHECK_RETRIES = 3;

/** Image of a container: its repository's URL with a tag, or with a digest such as `sha256:...`. */
export function imageReference(repositoryUrl: string, tagOrDigest: string): string {
  return tagOrDigest.startsWith("sha256:") ? `${repositoryUrl}@${tagOrDigest}` : `${repositoryUrl}:${tagOrDigest}`;
}

/** `valueFrom` of one key in a secret's JSON object, pinned to a version: a new value becomes a new task definition. */
export function secretReference(secretArn: string, key: string, versionId: string): string {
  // ARN:key:stage:version; the stage is empty because a version is given.
  return `${secretArn}:${key}::${versionId}`;
}

/**
 * The `containerDefinitions` text of a task.
 *
 * @throws Error when a variable of a container is both plain and secret, which ECS refuses, or the text is too long for ECS.
 */
export function renderContainerDefinitions(containers: readonly Container[]): string {
  const text = JSON.stringify(byName(containers).map(renderContainer));
  const problem = sizeProblem("taskDefinition", byteLength(text));
  if (problem !== undefined) {
    throw new Error(
      `The task definition of ${containers.map(({ name }) => name).join(", ")} ${problem}; shorten extraEnvironment or sidecars.`,
    );
  }
  return text;
}

function renderContainer(container: Container): object {
  const {
    name,
    image,
    essential,
    port,
    environment,
    secrets,
    healthCheck,
    command,
    readonlyRootFilesystem,
    logs,
    user,
  } = container;
  refuseDoubleVariables(container);
  return {
    name,
    image,
    cpu: 0,
    essential,
    portMappings: port === undefined ? [] : [{ containerPort: port, hostPort: port, protocol: "tcp" }],
    environment: environmentList(environment),
    secrets: byName(Object.entries(secrets).map(([variable, valueFrom]) => ({ name: variable, valueFrom }))),
    ...(command === undefined ? {} : { command }),
    ...(user === undefined ? {} : { user }),
    ...(healthCheck === undefined ? {} : { healthCheck: renderHealthCheck(healthCheck) }),
    readonlyRootFilesystem,
    mountPoints: readonlyRootFilesystem
      ? [{ sourceVolume: temporaryVolume, containerPath: "/tmp", readOnly: false }]
      : [],
    volumesFrom: [],
    systemControls: [],
    // A real init process reaps children and passes SIGTERM on.
    linuxParameters: { initProcessEnabled: true },
    stopTimeout: STOP_TIMEOUT_SECONDS,
    logConfiguration: {
      logDriver: "awslogs",
      options: {
        "awslogs-group": logs.group,
        "awslogs-region": logs.region,
        "awslogs-stream-prefix": name,
        // Blocking would stop the service when CloudWatch is slow; then lines beyond the buffer are lost instead.
        mode: "non-blocking",
        "max-buffer-size": "25m",
      },
    },
  };
}

/** Plain variables as ECS has them, sorted. */
export function environmentList(environment: Readonly<Record<string, string>>): readonly object[] {
  return byName(Object.entries(environment).map(([name, value]) => ({ name, value })));
}

function renderHealthCheck({ command, startPeriodSeconds }: ContainerHealthCheck): object {
  return { command, ...HEALTH_CHECK_SECONDS, retries: HEALTH_CHECK_RETRIES, startPeriod: startPeriodSeconds };
}

function refuseDoubleVariables({ name, environment, secrets }: Container): void {
  const both = Object.keys(environment).filter((variable) => variable in secrets);
  if (both.length > 0) {
    throw new Error(
      `Container ${name} would get ${both.sort().join(", ")} both as a plain variable and from its secret; ` +
        "remove it from the variables (layer services) or from the secrets (layer secrets) that you have added.",
    );
  }
}

/** Sorted by code unit, which does not depend on the machine's language. */
function byName<T extends { readonly name: string }>(items: readonly T[]): readonly T[] {
  return [...items].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}
