/** `rollout doctor`: everything that would stop a deployment, at once, with what mends it. Reads only. */
import { findEnvironment } from "../environment/environment.ts";
import { selectLayers } from "../layer-order.ts";
import { repositoryRoot, type CommonOptions } from "../rollout-command.ts";
import { examine } from "./examine.ts";
import { doctorDocument, doctorText } from "./report-text.ts";

/** Options of `doctor`. */
export type DoctorOptions = Pick<CommonOptions, "stack" | "only" | "from" | "json">;

/** Prints what is wrong. Answers the exit code. */
export async function doctor(options: DoctorOptions): Promise<number> {
  const { stack, json } = options;
  const layers = selectLayers(options);
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const reports = await examine({ root: repositoryRoot, environment, layers, env: process.env });
  const document = doctorDocument(stack, reports);
  process.stdout.write(`${json === true ? JSON.stringify(document, null, 2) : doctorText(reports)}\n`);
  return document.exitCode;
}
