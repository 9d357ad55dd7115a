/** Runs an operation that changes nothing on all layers at the same time, without the lock: `preview` and `drift`. */
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { ExitCode } from "@proliferate-infra/backend/errors";
import { withRunId } from "@proliferate-infra/backend/program/run-id";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { LayerResult } from "../model/results.ts";
import { gatherRunFacts } from "../model/run-facts.ts";
import type { CommonOptions } from "../options.ts";
import { pulumiEngine } from "../pulumi/engine.ts";
import { areSecretsRefused, withPlaceholderSecrets, type PlaceholderSecrets } from "../pulumi/placeholder-secrets.ts";
import { say } from "../terminal/say.ts";
import { withSignals } from "../terminal/signals.ts";
import { layerOperation, type LayerOperation } from "./layer-operation.ts";
import { reportRun, withProgress } from "./progress-and-report.ts";
import type { RunEnd } from "./run.ts";

export interface CompareOptions extends CommonOptions {
  /** Whether a difference is an error. */
  readonly expectNoChanges?: boolean;
}

export interface Comparison {
  readonly command: "preview" | "drift";
  readonly environment: Environment;
  readonly layers: readonly LayerName[];
  readonly options: CompareOptions;
  readonly operation: "preview" | "refreshPreview";
  /** Runs the operation on the layers. */
  readonly compare: (operate: LayerOperation) => Promise<readonly LayerResult[]>;
  /** Whether a result is a difference. */
  readonly differs: (result: LayerResult) => boolean;
}

/** Compares and reports. The exit code is `changesFound` when a difference is an error and there is one. */
export async function compareLayers(comparison: Comparison): Promise<RunEnd> {
  const { environment } = comparison;
  if (!(await warnOfUnknownSecrets(environment))) {
    return compareWith(comparison);
  }
  return withPlaceholderSecrets(repositoryRoot, environment, (placeholders) => compareWith(comparison, placeholders));
}

/** Returns whether AWS does not let these credentials decrypt the secrets, and prints a warning then. */
export async function warnOfUnknownSecrets(environment: Environment): Promise<boolean> {
  const isRefused = await areSecretsRefused(repositoryRoot, environment);
  if (isRefused) {
    say(
      `These credentials cannot decrypt the secrets of ${environment.stack}. Secrets count as unchanged; everything else is compared.`,
    );
  }
  return isRefused;
}

async function compareWith(comparison: Comparison, placeholders?: PlaceholderSecrets): Promise<RunEnd> {
  const { command, layers, options, operation, compare, differs } = comparison;
  const pulumiVariables = { ...comparison.environment.pulumiVariables, ...placeholders?.pulumiVariables };
  const environment = { ...comparison.environment, pulumiVariables };
  const facts = await gatherRunFacts(repositoryRoot, process.env);
  return withSignals(async (interruption) => {
    const identified = withRunId(environment, facts.runId);
    const engine = pulumiEngine(repositoryRoot, identified, interruption, undefined, placeholders);
    const results = await withProgress({ layers, atOnce: true }, options, async (observer) => {
      const compared = await compare(
        layerOperation(engine[operation], observer, { stack: environment.stack, region: environment.facts?.region }),
      );
      compared.forEach(observer.ended);
      return compared;
    });
    const exitCode = await reportRun(command, options, facts, results);
    const isUnexpected = options.expectNoChanges === true && results.some(differs);
    return { results, exitCode: exitCode === ExitCode.done && isUnexpected ? ExitCode.changesFound : exitCode };
  });
}
