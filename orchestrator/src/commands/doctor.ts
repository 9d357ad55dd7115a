/** `rollout doctor`: lists everything that would stop a deployment, each with its fix. */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { selectLayers } from "../model/selection.ts";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import type { CommonOptions } from "../options.ts";
import { examine } from "../checks/preflight.ts";
import { doctorDocument, doctorText } from "../checks/report-text.ts";
import { printResult } from "../terminal/say.ts";

export type DoctorOptions = Pick<CommonOptions, "stack" | "only" | "from" | "json">;

/** Returns the exit code. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { stack, json } = options;
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const reports = await examine({ root: repositoryRoot, environment, layers, env: process.env });
  const document = doctorDocument(stack, reports);
  printResult(json, document, doctorText(reports));
  return document.exitCode;
}
