/** Runs the policy pack on a deployed layer's state, without a login, a provider or the layer's program. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { LayerName } from "@proliferate-infra/shared/layers";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import { configuredText } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { EngineFailure } from "../model/layer-engine.ts";
import { NO_CHANGES } from "../model/results.ts";
import { tryPulumi } from "./command.ts";
import { findingsOf, type PolicyFinding } from "./policy-findings.ts";

/** Folder of the pack, below the repository's root. */
export const POLICY_PACK = "policy";

/**
 * The settings of a layer that rules ask for, in the variable from which a Node.js program reads its configuration. Pulumi 3.259 does
 * not set it for a policy pack, and the pack's SDK ignores the configuration of the call ConfigureStack; a pack inherits the
 * environment of `pulumi` (pulumi/pulumi, pkg/resource/plugin/analyzer_plugin.go). A layer's program gets its own value.
 */
export function policyVariables(root: string, layer: LayerName, stack: string): Readonly<Record<string, string>> {
  const configuration = (["protectResources", "allowPlainHttp"] as const).flatMap((key) => {
    const text = configuredText(root, layer, stack, key);
    return text === undefined ? [] : [[fullKey(layer, key), text]];
  });
  return { PULUMI_CONFIG: JSON.stringify(Object.fromEntries(configuration)) };
}

/**
 * Findings on a state, as the backend stores it. Its secrets stay encrypted, for rules and in the file that Pulumi reads.
 *
 * @throws EngineFailure when the analysis itself fails.
 */
export async function analyzeState(
  root: string,
  stored: string,
  { layer, stack }: { readonly layer: LayerName; readonly stack: string },
): Promise<readonly PolicyFinding[]> {
  const { version, checkpoint } = JSON.parse(stored) as { version: number; checkpoint: { latest: unknown } };
  const folder = mkdtempSync(join(tmpdir(), "rollout-policy-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ version, deployment: checkpoint.latest }), { mode: 0o600 });
    const parameters = ["policy", "analyze", "--file", file, "--policy-pack", join(root, POLICY_PACK), "--json"];
    const env = { ...process.env, ...policyVariables(root, layer, stack) };
    const { exitCode, stdout, stderr } = await tryPulumi(parameters, { cwd: root, env });
    const findings = findingsOf(stdout);
    if (exitCode !== 0 && !findings.some(({ level }) => level === "mandatory")) {
      const reason = `The policy pack could not be run: ${stderr}`;
      throw new EngineFailure(reason, { changes: NO_CHANGES, resources: [], interrupted: false });
    }
    return findings;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
