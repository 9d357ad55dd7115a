/** Controls of ECS and ECR. */
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

/** Names of variables that are secrets wherever they occur, and values that carry a password. */
const SECRET_NAME = /(_KEY|_SECRET|_TOKEN|PASSWORD|_PRIVATE_KEY)$/;
const PASSWORD_IN_URL = /:\/\/[^/\s:@]*:[^/\s@]+@/;

/** LiteLLM writes into its own folders when it starts, so its image does not run with a read-only root. */
const WRITES_TO_ITS_ROOT = ["llm-proxy"];

/** Controls of tasks, services and repositories. */
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
    fix: "Put it into the service's secret (extraSecrets).",
  },
  {
    name: "containers-cannot-write-their-root",
    description: "Containers have a read-only root file system, with /tmp on a volume.",
    controls: ["ECS.5", "CKV_AWS_336"],
    severity: "high",
    type: TASK,
    violation: everyContainer(
      ({ name = "", readonlyRootFilesystem }) => readonlyRootFilesystem !== true && !WRITES_TO_ITS_ROOT.includes(name),
      "the root file system can be written",
    ),
    fix:
      "Leave the service's setting ReadonlyRootFilesystem out; ECS Exec (enableExecuteCommand) needs the file system writable, " +
      "so turn that off again after use.",
    // ECS Exec is a way to look into a running service, and is to be allowed for a while.
    advisory: true,
  },
  {
    name: "containers-are-not-privileged",
    description: "No container has the rights of the host.",
    controls: ["ECS.4", "CKV_AWS_334"],
    severity: "high",
    type: TASK,
    violation: everyContainer(({ privileged }) => privileged === true, "it is privileged"),
    fix: "Leave privileged out.",
  },
  {
    name: "tasks-share-nothing-with-the-host",
    description: "Tasks have their own network and process numbers.",
    controls: ["ECS.1", "ECS.3", "CKV_AWS_335"],
    severity: "high",
    type: TASK,
    violation: ({ networkMode, pidMode }) =>
      networkMode !== "awsvpc" || (pidMode !== undefined && pidMode !== null && pidMode !== "" && pidMode !== "task")
        ? "it shares network or process numbers with the host"
        : undefined,
    fix: "Set networkMode to awsvpc and leave pidMode out.",
  },
  {
    name: "containers-log-without-blocking",
    description: "Containers log to CloudWatch, and go on when it does not keep up.",
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
    description: "What starts a task and what runs in it have different roles.",
    controls: ["CKV_AWS_249"],
    severity: "medium",
    type: TASK,
    violation: ({ executionRoleArn, taskRoleArn }) =>
      executionRoleArn === undefined || taskRoleArn === undefined || executionRoleArn === taskRoleArn
        ? "execution role and task role are not two"
        : undefined,
    fix: "Give it an execution role and a task role.",
  },
  {
    name: "services-run-on-the-latest-platform",
    description: "Fargate's platform is the latest one.",
    controls: ["ECS.10", "CKV_AWS_332"],
    severity: "medium",
    type: SERVICE,
    violation: ({ platformVersion }) => (platformVersion === "LATEST" ? undefined : "platformVersion is not LATEST"),
    fix: "Set platformVersion to LATEST.",
  },
  {
    name: "bad-deployments-are-rolled-back",
    description: "ECS goes back to the last good deployment when the new tasks do not start.",
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
    description: "A tag names one image for ever.",
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
    description: "Old images are deleted by a lifecycle policy with rules.",
    controls: ["ECR.3"],
    severity: "low",
    type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    violation: ({ policy, repository }) => {
      const { rules } = (typeof policy === "string" ? JSON.parse(policy) : (policy ?? {})) as Properties;
      return listOf(rules).length > 0 ? mustBeSet("repository")({ repository }) : "it has no rules";
    },
    fix: "Give it a rule that expires images.",
  },
];
