/** Reports of checks as text and as a document. Pure. */
import { ExitCode } from "@proliferate-infra/backend/errors";
import type { CheckReport, Finding } from "./finding.ts";

/** Document of `rollout doctor --json`. */
export interface DoctorDocument {
  readonly schemaVersion: 1;
  readonly stack: string;
  readonly findings: readonly Finding[];
  /** Checks that could not be made, with the reason. */
  readonly notLooked: readonly { readonly check: string; readonly reason: string }[];
  readonly exitCode: number;
}

export function doctorDocument(stack: string, reports: readonly CheckReport[]): DoctorDocument {
  const findings = reports.flatMap((each) => each.findings);
  return {
    schemaVersion: 1,
    stack,
    findings,
    notLooked: reports.flatMap(({ check, notLooked }) =>
      notLooked === undefined ? [] : [{ check, reason: notLooked }],
    ),
    exitCode: findings.some(({ severity }) => severity === "error") ? ExitCode.invalid : ExitCode.done,
  };
}

/** All checks with their findings, and the number of findings. */
export function doctorText(reports: readonly CheckReport[]): string {
  return [...reports.flatMap(checkLines), "", countText(reports.flatMap(({ findings }) => findings))].join("\n");
}

/** Checks with findings only, and the number of findings. */
export function faultsText(reports: readonly CheckReport[]): string {
  return doctorText(reports.filter(({ findings }) => findings.length > 0));
}

function checkLines({ check, findings, notLooked }: CheckReport): readonly string[] {
  const isWrong = findings.some(({ severity }) => severity === "error");
  const [sign, word] = isWrong
    ? ["✖", "failed"]
    : notLooked !== undefined
      ? ["-", `not checked: ${notLooked}`]
      : findings.length > 0
        ? ["!", "warning"]
        : ["✔", "passed"];
  return [`${sign} ${check}: ${word}`, ...findings.flatMap(findingLines)];
}

/** One finding, with its fix below. */
export function findingLines({ severity, message, fix }: Finding): readonly string[] {
  return [...indented(`${severity}: ${message}`, "  "), ...indented(fix, "    ")];
}

function indented(text: string, margin: string): readonly string[] {
  return text.split("\n").map((line) => margin + line);
}

function countText(findings: readonly Finding[]): string {
  const count = (severity: Finding["severity"]) => {
    const number = findings.filter((each) => each.severity === severity).length;
    return `${number} ${severity}${number === 1 ? "" : "s"}`;
  };
  return `${count("error")}, ${count("warning")}`;
}
