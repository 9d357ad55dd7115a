/** Reports of checks. */
import type { Fault } from "@proliferate-infra/backend/fault";
import { UserError } from "@proliferate-infra/backend/errors";

export type CheckName =
  "tools" | "credentials" | "state" | "secrets" | "settings" | "sharing" | "domains" | "contracts" | "operations";

/** One thing that is wrong. An error stops the command, a warning does not. */
export interface Finding extends Fault {
  readonly check: CheckName;
  readonly severity: "error" | "warning";
}

export interface CheckReport {
  readonly check: CheckName;
  readonly findings: readonly Finding[];
  /** Why the check could not be made, such as `see credentials`; undefined when it was. The reason has a finding of its own. */
  readonly notLooked: string | undefined;
}

/** The report of a check that was made. */
export function report(check: CheckName, errors: readonly Fault[], warnings: readonly Fault[] = []): CheckReport {
  return {
    check,
    findings: [
      ...errors.map((fault) => ({ check, severity: "error", ...fault }) as const),
      ...warnings.map((fault) => ({ check, severity: "warning", ...fault }) as const),
    ],
    notLooked: undefined,
  };
}

/** The report of a check that could not be made. */
export function notLooked(check: CheckName, reason: string): CheckReport {
  return { check, findings: [], notLooked: reason };
}

/** Whether the check was made and found no error. */
export function isSound({ findings, notLooked }: CheckReport): boolean {
  return notLooked === undefined && findings.every(({ severity }) => severity !== "error");
}

/**
 * The fault for an error that stopped a check.
 *
 * @throws the error itself when it is a defect: neither a user error, nor an error of AWS or of the network.
 */
export function asFault(error: unknown, what: string): Fault {
  if (error instanceof UserError) {
    const [message = "", ...fix] = error.message.split("\n");
    return { message, fix: fix.length > 0 ? fix.join("\n") : "Fix this, then run ./rollout doctor again." };
  }
  if (error instanceof Error && ("$metadata" in error || "code" in error)) {
    return {
      message: `${what} cannot be read: ${error.name}: ${error.message}`,
      fix: "Check the permissions of these credentials (rollout setup --print-iam lists what a role needs) and the network.",
    };
  }
  throw error;
}
