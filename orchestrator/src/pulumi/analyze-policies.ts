/** Runs the policy pack on a deployed layer's state, without a login, a provider or the layer's program. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { EngineFailure } from "../model/layer-engine.ts";
import { NO_CHANGES } from "../model/results.ts";
import { findingsOf, type PolicyFinding } from "./policy-findings.ts";

/** Folder of the pack, below the repository's root. */
export const POLICY_PACK = "policy";

/**
 * Findings on a state, as the backend stores it. Its secrets stay encrypted, for rules and in the file that Pulumi reads.
 * `configuration`: the settings that rules ask for, by full key; an analysis does not hand over the stack's own.
 *
 * @throws EngineFailure when the analysis itself fails.
 */
export async function analyzeState(
  root: string,
  stored: string,
  configuration: Readonly<Record<string, string>>,
): Promise<readonly PolicyFinding[]> {
  const { version, checkpoint } = JSON.parse(stored) as { version: number; checkpoint: { latest: unknown } };
  const folder = mkdtempSync(join(tmpdir(), "rollout-policy-"));
  try {
    const file = join(folder, "state.json");
    writeFileSync(file, JSON.stringify({ version, deployment: checkpoint.latest }), { mode: 0o600 });
    const parameters = ["policy", "analyze", "--file", file, "--policy-pack", join(root, POLICY_PACK), "--json"];
    const { exitCode, stdout, stderr } = await execa("pulumi", parameters, {
      ...{ reject: false, stdin: "ignore" },
      env: { PULUMI_CONFIG: JSON.stringify(configuration) },
    });
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
