/** `rollout policy`: checks the deployed resources against the rules of `policy/`. */
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { selectLayers } from "../model/selection.ts";
import { ExitCode } from "@proliferate-infra/backend/errors";
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import type { CommonOptions } from "../options.ts";
import { isDeployed, readState, storedState } from "@proliferate-infra/backend/pulumi-files/read-states";
import { printResult } from "../terminal/say.ts";
import { analyzeState } from "../pulumi/analyze-policies.ts";
import { findingText, type PolicyFinding } from "../pulumi/policy-findings.ts";

interface LayerFindings {
  readonly layer: LayerName;
  /** Undefined when the layer is not deployed. */
  readonly findings: readonly PolicyFinding[] | undefined;
}

/** Checks the selected layers. Returns the exit code: 1 when a mandatory rule is broken. */
export async function policy(options: CommonOptions): Promise<number> {
  const { stack } = options;
  const { state } = findEnvironment(repositoryRoot, stack, process.env);
  const check = async (store: ObjectStore, layer: LayerName): Promise<LayerFindings> => {
    const state = await readState(store, stack, layer);
    const stored = isDeployed(state) ? await storedState(store, stack, layer) : undefined;
    return {
      layer,
      findings: stored && (await analyzeState(repositoryRoot, stored.text, { layer, stack })),
    };
  };
  const layers = selectLayers(options);
  const found = await withObjectStore(state, (store) => Promise.all(layers.map((layer) => check(store, layer))));
  const violations = found.flatMap(({ findings = [] }) => findings).filter(({ level }) => level === "mandatory");
  const exitCode = violations.length > 0 ? ExitCode.layerFailed : ExitCode.done;
  printResult(options.json, document(stack, found, exitCode), text(found));
  return exitCode;
}

function document(stack: string, found: readonly LayerFindings[], exitCode: number): object {
  const layers = found.map(({ layer, findings }) => ({
    layer,
    deployed: findings !== undefined,
    findings: findings ?? [],
  }));
  return { schemaVersion: 1, stack, layers, exitCode };
}

function text(found: readonly LayerFindings[]): string {
  return found
    .flatMap(({ layer, findings }) => {
      const verdict =
        findings === undefined ? "not deployed" : findings.length === 0 ? "✔ complies with every rule" : "";
      return [`${layer}: ${verdict}`.trimEnd(), ...(findings ?? []).map((finding) => `  ${findingText(finding)}`)];
    })
    .join("\n");
}
