/** The checks that each command makes before it begins. */
import { UserError } from "@proliferate-infra/backend/errors";
import { CheckContext, type Check, type Subject } from "./check.ts";
import { credentialsCheck } from "./credentials.ts";
import { domainsCheck } from "./domains.ts";
import { isSound, type CheckReport } from "./finding.ts";
import { contractsCheck, operationsCheck } from "./preconditions.ts";
import { faultsText, findingLines } from "./report-text.ts";
import { secretsCheck } from "./secrets.ts";
import { settingsCheck, settingsWithoutSecretsCheck } from "./settings.ts";
import { sharingCheck } from "./sharing.ts";
import { stateCheck } from "./state.ts";
import { toolsCheck } from "./tools.ts";

const deploymentChecks = [
  toolsCheck,
  credentialsCheck,
  stateCheck,
  secretsCheck,
  settingsCheck,
  sharingCheck,
  domainsCheck,
];
/** A run makes these itself, under the lock: until then their results can change. */
const checksUnderLock = [contractsCheck, operationsCheck];

const checksOf = {
  /** `up`, `release` and `rotate`. */
  deploy: deploymentChecks,
  /** Previews decrypt nothing. */
  preview: [settingsWithoutSecretsCheck],
  /** Settings need not be valid. */
  destroy: [toolsCheck, credentialsCheck, stateCheck],
  migrate: [credentialsCheck, stateCheck],
} as const satisfies Readonly<Record<string, readonly Check[]>>;

export function examine(subject: Subject): Promise<readonly CheckReport[]> {
  return run([...deploymentChecks, ...checksUnderLock], new CheckContext(subject));
}

/**
 * Makes the checks of a command. `warn` gets the lines of warnings.
 *
 * @throws UserError with all findings when there is an error; before a deployment also with those of the checks under the lock.
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
