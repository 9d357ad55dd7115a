/** The checks as the first step of a deployment. */
import { UserError } from "@proliferate-infra/backend/errors";
import { completed, examinePreconditions, examinePrerequisites, type Subject } from "./examine.ts";
import { isSound } from "./finding.ts";
import { faultsText, findingLines } from "./report-text.ts";

/**
 * Refuses to go on when something would stop the deployment; `warn` is told of the rest. How the layers stand counts
 * under the lock only, where the run looks itself; here it is just told when the run is refused anyway.
 *
 * @throws UserError that lists everything that is wrong.
 */
export async function preflight(subject: Subject, warn: (line: string) => void): Promise<void> {
  const examined = await examinePrerequisites(subject);
  const { reports } = examined;
  if (!reports.every(isSound)) {
    throw new UserError(faultsText(completed(examined, await examinePreconditions(subject))));
  }
  reports.flatMap(({ findings }) => findings.flatMap(findingLines)).forEach(warn);
}
