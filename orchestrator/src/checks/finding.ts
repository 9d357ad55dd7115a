/** What a check finds, as data. */
import type { Fault } from "@proliferate-infra/backend/fault";
import { UserError } from "@proliferate-infra/backend/errors";

/** Name of a check. */
export type CheckName = "tools" | "credentials" | "state" | "secrets" | "settings" | "contracts" | "operations";

/** One thing that is wrong. An error stops a deployment, a warning does not. */
export interface Finding extends Fault {
  readonly check: CheckName;
  readonly severity: "error" | "warning";
}

/** What one check has come to. */
export interface CheckReport {
  readonly check: CheckName;
  readonly findings: readonly Finding[];
  /** Why it could not look; undefined when it did. Whatever is in the way has its own finding. */
  readonly notLooked: string | undefined;
}

/** A report of a check that has looked. */
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

/** A report of a check that could not look, because of something that has a finding of its own. */
export function notLooked(check: CheckName, reason: string): CheckReport {
  return { check, findings: [], notLooked: reason };
}

/** Whether nothing of it stops a deployment. */
export function isSound({ findings, notLooked }: CheckReport): boolean {
  return notLooked === undefined && findings.every(({ severity }) => severity !== "error");
}

/**
 * What kept a check from looking, as a fault.
 *
 * @throws the error itself when it is neither for people nor an answer of AWS or of the network: a defect.
 */
export function asFault(error: unknown, what: string): Fault {
  if (error instanceof UserError) {
    const [message = "", ...fix] = error.message.split("\n");
    return { message, fix: fix.length > 0 ? fix.join("\n") : "Fix that, then run rollout doctor again." };
  }
  if (error instanceof Error && ("$metadata" in error || "code" in error)) {
    return {
      message: `${what} cannot be looked at: ${error.name}: ${error.message}`,
      fix: "Check the permissions of these credentials (rollout setup --print-iam lists what a role needs) and the network.",
    };
  }
  throw error;
}
