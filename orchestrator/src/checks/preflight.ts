/** The checks, and what each command needs of them before it begins. */
import { UserError } from "@proliferate-infra/backend/errors";
import { CheckContext, type Check, type Subject } from "./check.ts";
import { credentialsCheck } from "./credentials.ts";
import { isSound, type CheckReport } from "./finding.ts";
import { contractsCheck, operationsCheck } from "./preconditions.ts";
import { faultsText, findingLines } from "./report-text.ts";
import { secretsCheck } from "./secrets.ts";
import { settingsCheck, settingsWithoutSecretsCheck } from "./settings.ts";
import { stateCheck } from "./state.ts";
import { toolsCheck } from "./tools.ts";

const deploymentChecks = [toolsCheck, credentialsCheck, stateCheck, secretsCheck, settingsCheck];
/** What counts under the environment's lock only, where a run looks itself. */
const checksUnderLock = [contractsCheck, operationsCheck];

/** What must hold before a command begins. */
const checksOf = {
  /** `up`, `release` and `rotate`. */
  deploy: deploymentChecks,
  /** A preview works without the keys of the secrets. */
  preview: [settingsWithoutSecretsCheck],
  /** What was deployed can be deleted with any settings. */
  destroy: [toolsCheck, credentialsCheck, stateCheck],
  migrate: [credentialsCheck, stateCheck],
} as const satisfies Readonly<Record<string, readonly Check[]>>;

/** Reports of all checks. */
export function examine(subject: Subject): Promise<readonly CheckReport[]> {
  return run([...deploymentChecks, ...checksUnderLock], new CheckContext(subject));
}

/**
 * Refuses to go on when something would stop the command. `warn` gets the lines of everything else that is found.
 *
 * @throws UserError that lists everything that is wrong; before a deployment, also what the run would find under the lock.
 */
export async function preflight(
  command: keyof typeof checksOf,
  subject: Subject,
  warn: (line: string) => void,
): Promise<void> {
  const context = new CheckContext(subject);
  const reports = await run(checksOf[command], context);
  if (!reports.every(isSound)) {
    const others = command === "deploy" ? await run(checksUnderLock, context) : [];
    throw new UserError(faultsText([...reports, ...others]));
  }
  reports.flatMap(({ findings }) => findings.flatMap(findingLines)).forEach(warn);
}

function run(checks: readonly Check[], context: CheckContext): Promise<readonly CheckReport[]> {
  return Promise.all(checks.map((check) => check.run(context)));
}
