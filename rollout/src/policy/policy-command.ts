/** `rollout policy`: whether what is deployed keeps to the rules of `policy/`. Changes nothing. */
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { STACKS_FOLDER } from "../environment/environment-names.ts";
import { findEnvironment } from "../environment/environment.ts";
import { selectLayers } from "../layer-order.ts";
import { ExitCode } from "../layer-results.ts";
import { openObjectStore } from "../object-store/object-store.ts";
import { repositoryRoot, type CommonOptions } from "../rollout-command.ts";
import { parseState } from "../state/layer-state.ts";
import { analyzeState } from "./analyze-state.ts";
import { findingText, type PolicyFinding } from "./policy-findings.ts";

/** What was found in a layer; undefined when it is not deployed. */
interface LayerFindings {
  readonly layer: LayerName;
  readonly findings: readonly PolicyFinding[] | undefined;
}

/** Looks at the selected layers at the same time. Answers the exit code: 1 when a mandatory rule is broken. */
export async function policy(options: CommonOptions): Promise<number> {
  const { stack } = options;
  const environment = findEnvironment(repositoryRoot, stack, process.env);
  const store = await openObjectStore(environment.state);
  const look = async (layer: LayerName): Promise<LayerFindings> => {
    const stored = await store.get(`${STACKS_FOLDER}${layerByName(layer).project}/${stack}.json`);
    const isDeployed = stored !== undefined && parseState(stored.text, stored.version).resources.length > 0;
    return { layer, findings: isDeployed ? await analyzeState(repositoryRoot, stored.text) : undefined };
  };
  let found: readonly LayerFindings[];
  try {
    found = await Promise.all(selectLayers(options).map(look));
  } finally {
    store.close();
  }
  const violations = found.flatMap(({ findings = [] }) => findings).filter(({ level }) => level === "mandatory");
  const exitCode = violations.length > 0 ? ExitCode.layerFailed : ExitCode.done;
  process.stdout.write(
    options.json === true ? `${JSON.stringify(document(stack, found, exitCode), null, 2)}\n` : `${text(found)}\n`,
  );
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
      const verdict = findings === undefined ? "not deployed" : findings.length === 0 ? "✔ keeps every rule" : "";
      return [`${layer}: ${verdict}`.trimEnd(), ...(findings ?? []).map((finding) => `  ${findingText(finding)}`)];
    })
    .join("\n");
}
