/** `rollout setup`: from nothing to an environment that can be configured and deployed. */
import { DEFAULT_RESOURCE_PREFIX } from "@proliferate-infra/shared/settings/common-settings";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { readEnvironmentFile } from "@proliferate-infra/backend/environment/environment-file";
import { runPulumi } from "../../pulumi/command.ts";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { consent } from "../../terminal/consent.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { printDocument, say } from "../../terminal/say.ts";
import { configuredText } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { fileBackend, fileFacts, stateDirectory } from "../../bootstrap/file-backend.ts";
import { checkFacts, setUpEnvironment, type SetupContext, type SetupResult } from "./setup-environment.ts";
import {
  extraTagsOf,
  organizationSettings,
  type OrganizationOptions,
  type OrganizationSettings,
} from "./organization.ts";
import { checkStackName } from "./stack-name.ts";

export interface SetupOptions extends OrganizationOptions {
  /** Stack name in all layers, such as `prod`. */
  readonly stack: string;
  /** AWS region of state and environment. */
  readonly region?: string;
  /** Keep the state in this folder, without AWS. */
  readonly file?: string;
  /** Whether the environment is protected; undefined asks, and without a terminal it is. */
  readonly protectResources?: boolean;
  /** Do not ask. */
  readonly yes?: boolean;
  /** One JSON document on standard output, everything else on standard error. */
  readonly json?: boolean;
  /** Print policies, change nothing. */
  readonly printIam?: boolean;
}

/** Sets the environment up, or prints its IAM policies. Returns the exit code. */
export async function setup(options: SetupOptions): Promise<number> {
  checkStackName(options.stack);
  if (options.printIam === true) {
    return printIam(options);
  }
  const result = await (options.file === undefined ? setUpInAws(options) : setUpInFolder(options, options.file));
  if (options.json === true) {
    printDocument({ schemaVersion: 1, stack: options.stack, ...result });
  }
  if (result.status !== "declined") {
    say(ending(options.stack, result));
  }
  return ExitCode.done;
}

function ending(stack: string, { status }: SetupResult): string {
  const done = status === "done" ? `${stack} is set up.` : `${stack} was set up already.`;
  return `${done} Next:\n  scripts/configure.sh --stack ${stack}`;
}

function contextOf(options: SetupOptions, organization: OrganizationSettings): SetupContext {
  return {
    root: repositoryRoot,
    env: process.env,
    say,
    pulumi: runPulumi,
    protectResources: () => askProtection(options),
    organization,
    confirm: () => consent("setup", `Set ${options.stack} up like that?`, options.yes),
  };
}

/** Asked of a new environment only: its name says nothing about what is in it. */
async function askProtection({ stack, yes, protectResources }: SetupOptions): Promise<boolean> {
  if (protectResources !== undefined || yes === true || !process.stdin.isTTY) {
    return protectResources ?? true;
  }
  const { askYesOrNo } = await import("../../terminal/prompts.ts");
  return askYesOrNo(`Protect the resources of ${stack} from deletion (protectResources)?`, true);
}

async function setUpInFolder(options: SetupOptions, folder: string): Promise<SetupResult> {
  const { stack } = options;
  const directory = stateDirectory(folder, repositoryRoot);
  const region = options.region ?? readEnvironmentFile(repositoryRoot, stack)?.region ?? process.env.AWS_REGION;
  const facts = fileFacts(directory, stack, region);
  const organization = organizationSettings(repositoryRoot, stack, options);
  return setUpEnvironment(stack, await fileBackend(directory, stack, facts), contextOf(options, organization));
}

async function setUpInAws(options: SetupOptions): Promise<SetupResult> {
  const { stack } = options;
  const written = readEnvironmentFile(repositoryRoot, stack);
  if (written !== undefined && written.account === undefined) {
    throw new UserError(`The state of ${stack} is ${written.stateUrl}: add --file with that folder.`);
  }
  const organization = organizationSettings(repositoryRoot, stack, options);
  const { requireCredentials } = await import("../../aws/credentials.ts");
  const { findRegion, withAwsFaults } = await import("../../aws/session.ts");
  const { destroyClients, stateClients } = await import("../../aws/state-clients.ts");
  const { awsBackend, awsFacts } = await import("../../bootstrap/aws-backend.ts");
  const region = await findRegion(options.region, written?.region, process.env);
  const { account, arn } = await requireCredentials(region);
  const names = environmentNames(account, region, stack);
  checkFacts(repositoryRoot, stack, awsFacts(names));
  say(`AWS account ${account}, region ${region}, as ${arn}.`);
  const clients = stateClients({ region });
  try {
    return await withAwsFaults({ stack, region }, async () =>
      setUpEnvironment(
        stack,
        await awsBackend(clients, names, extraTagsOf(organization)),
        contextOf(options, organization),
      ),
    );
  } finally {
    destroyClients(clients);
  }
}

async function printIam(options: SetupOptions): Promise<number> {
  const { stack } = options;
  const written = readEnvironmentFile(repositoryRoot, stack);
  const { requireCredentials } = await import("../../aws/credentials.ts");
  const { findRegion } = await import("../../aws/session.ts");
  const { iamPolicies } = await import("../../bootstrap/iam-policies.ts");
  const region = await findRegion(options.region, written?.region, process.env);
  const account = written?.account ?? (await requireCredentials(region)).account;
  const names = environmentNames(account, region, stack);
  const boundary = organizationSettings(repositoryRoot, stack, options).get("permissionsBoundaryArn");
  const policies = iamPolicies(names, resourcePrefixOf(repositoryRoot, stack), boundary);
  printDocument(policies);
  return ExitCode.done;
}

/** As configured in the first layer; all must agree. Before it is configured, it is the default. */
function resourcePrefixOf(root: string, stack: string): string {
  return configuredText(root, "network", stack, "resourcePrefix") ?? DEFAULT_RESOURCE_PREFIX;
}
