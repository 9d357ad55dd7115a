import { isOn, listOf, mustBeOff, mustBeOn, mustBeSet, type Control, type Properties } from "../control.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SERVICE = "aws:ecs/service:Service";
const REPOSITORY = "aws:ecr/repository:Repository";

interface Container {
  readonly name?: string;
  readonly privileged?: boolean;
  readonly readonlyRootFilesystem?: boolean;
  readonly environment?: readonly { readonly name: string; readonly value: string }[];
  readonly logConfiguration?: { readonly logDriver?: string; readonly options?: Readonly<Record<string, string>> };
}

function containersOf({ containerDefinitions }: Properties): readonly Container[] {
  return typeof containerDefinitions === "string" ? (JSON.parse(containerDefinitions) as readonly Container[]) : [];
}

const everyContainer =
  (isWrong: (container: Container, task: Properties) => boolean, fault: string): Control["violation"] =>
  (task) => {
    const wrong = containersOf(task).filter((container) => isWrong(container, task));
    return wrong.length > 0 ? `${wrong.map(({ name }) => name).join(", ")}: ${fault}` : undefined;
  };

/** Names of variables that are always secrets, and values that contain a password. */
const SECRET_NAME = /(_KEY|_SECRET|_TOKEN|PASSWORD|_PRIVATE_KEY)$/;
const PASSWORD_IN_URL = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** LiteLLM writes into its own folders when it starts, so its image cannot run with a read-only root. */
const WRITES_TO_ITS_ROOT = ["llm-proxy"];

/** Rules for ECS tasks and services and for ECR repositories. */
export const containerRules: readonly Control[] = [
  {
    name: "tasks-have-no-public-address",
    description: "Tasks have no public address.",
    controls: ["ECS.2", "CKV_AWS_333"],
    severity: "high",
    type: SERVICE,
    violation: ({ networkConfiguration }) =>
      isOn((networkConfiguration as Properties | undefined)?.assignPublicIp) ? "assignPublicIp is on" : undefined,
    fix: "Set assignPublicIp to false; tasks reach the Internet through NAT.",
  },
  {
    name: "containers-have-no-secrets-in-variables",
    description: "Secrets come from Secrets Manager, not from plain variables.",
    controls: ["ECS.8", "tfsec AWS-0036"],
    severity: "critical",
    type: TASK,
    violation: everyContainer(
      ({ environment = [] }) =>
        environment.some(({ name, value }) => SECRET_NAME.test(name) || PASSWORD_IN_URL.test(value)),
      "a plain variable looks like a secret",
    ),
    fix: "Move it to the service's secret (extraSecrets).",
  },
  {
    name: "containers-cannot-write-their-root",
    description: "Containers have a read-only root file system, with /tmp on a volume.",
    controls: ["ECS.5", "CKV_AWS_336"],
    severity: "high",
    type: TASK,
    violation: everyContainer(
      ({ name = "", readonlyRootFilesystem }) => readonlyRootFilesystem !== true && !WRITES_TO_ITS_ROOT.includes(name),
      "the root file system is writable",
    ),
    fix:
      "Leave out the service's setting ReadonlyRootFilesystem. ECS Exec (enableExecuteCommand) needs a writable file " +
      "system, so turn ECS Exec off after use.",
    // ECS Exec is for debugging a running service, so it must be possible for a while.
    advisory: true,
  },
  {
    name: "containers-are-not-privileged",
    description: "No container is privileged.",
    controls: ["ECS.4", "CKV_AWS_334"],
    severity: "high",
    type: TASK,
    violation: everyContainer(({ privileged }) => privileged === true, "it is privileged"),
    fix: "Leave privileged out.",
  },
  {
    name: "tasks-share-nothing-with-the-host",
    description: "Tasks have their own network and process namespaces.",
    controls: ["ECS.1", "ECS.3", "CKV_AWS_335"],
    severity: "high",
    type: TASK,
    violation: ({ networkMode, pidMode }) =>
      networkMode !== "awsvpc" || (pidMode !== undefined && pidMode !== null && pidMode !== "" && pidMode !== "task")
        ? "it shares the network or process namespace with the host"
        : undefined,
    fix: "Set networkMode to awsvpc and leave pidMode out.",
  },
  {
    name: "containers-log-without-blocking",
    description: "Containers log to CloudWatch and do not block when CloudWatch is slow.",
    controls: ["ECS.9", "Prowler ecs_task_definitions_logging_block_mode"],
    severity: "high",
    type: TASK,
    violation: everyContainer(
      ({ logConfiguration }) =>
        logConfiguration?.logDriver !== "awslogs" || logConfiguration.options?.mode !== "non-blocking",
      "it does not log to CloudWatch in mode non-blocking",
    ),
    fix: "Use the driver awslogs with the option mode=non-blocking.",
  },
  {
    name: "tasks-have-roles-of-their-own",
    description: "A task's execution role and its task role are different.",
    controls: ["CKV_AWS_249"],
    severity: "medium",
    type: TASK,
    violation: ({ executionRoleArn, taskRoleArn }) =>
      executionRoleArn === undefined || taskRoleArn === undefined || executionRoleArn === taskRoleArn
        ? "execution role and task role are not different"
        : undefined,
    fix: "Give it an execution role and a task role.",
  },
  {
    name: "services-run-on-the-latest-platform",
    description: "Services use Fargate's latest platform version.",
    controls: ["ECS.10", "CKV_AWS_332"],
    severity: "medium",
    type: SERVICE,
    violation: ({ platformVersion }) => (platformVersion === "LATEST" ? undefined : "platformVersion is not LATEST"),
    fix: "Set platformVersion to LATEST.",
  },
  {
    name: "bad-deployments-are-rolled-back",
    description: "ECS rolls back to the last good deployment when new tasks do not start.",
    controls: ["Amazon ECS Developer Guide, deployment circuit breaker"],
    severity: "medium",
    type: SERVICE,
    violation: ({ deploymentCircuitBreaker }) => {
      const { enable, rollback } = (deploymentCircuitBreaker ?? {}) as Properties;
      return isOn(enable) && isOn(rollback) ? undefined : "there is no circuit breaker with rollback";
    },
    fix: "Set deploymentCircuitBreaker with enable and rollback.",
  },
  {
    name: "images-are-scanned",
    description: "Images are scanned when they are pushed.",
    controls: ["ECR.1", "CKV_AWS_163"],
    severity: "medium",
    type: REPOSITORY,
    violation: ({ imageScanningConfiguration }) =>
      mustBeOn("scanOnPush")((imageScanningConfiguration ?? {}) as Properties),
    fix: "Set imageScanningConfiguration.scanOnPush.",
  },
  {
    name: "image-tags-do-not-move",
    description: "An image tag cannot be moved to another image.",
    controls: ["ECR.2", "CKV_AWS_51"],
    severity: "medium",
    type: REPOSITORY,
    violation: ({ imageTagMutability }) =>
      String(imageTagMutability).startsWith("IMMUTABLE") ? undefined : "tags can be moved",
    fix: "Set imageTagMutability to IMMUTABLE.",
  },
  {
    name: "repository-is-not-emptied",
    description: "A repository with images in it is not deleted.",
    controls: ["AWS provider documentation, aws.ecr.Repository"],
    severity: "medium",
    type: REPOSITORY,
    violation: mustBeOff("forceDelete"),
    fix: "Set protectResources to true, unless the environment is about to be destroyed.",
    ifProtected: true,
    advisory: true,
  },
  {
    name: "images-expire",
    description: "Old images are deleted by a lifecycle policy with rules, and images that run are not.",
    controls: ["ECR.3"],
    severity: "low",
    type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    violation: ({ policy, repository }) => {
      const { rules } = (typeof policy === "string" ? JSON.parse(policy) : (policy ?? {})) as Properties;
      const selections = listOf(rules).map((rule) => (rule as { readonly selection?: Properties }).selection);
      if (selections.some((selection) => selection?.tagStatus === "any")) {
        return "a rule for images with any tag also deletes those that run";
      }
      return selections.length > 0 ? mustBeSet("repository")({ repository }) : "it has no rules";
    },
    fix: "Give it rules that expire images, and rules of lower numbers for the tags in use (shared/src/aws/image-lifecycle.ts).",
  },
];
