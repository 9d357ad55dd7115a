/** What the programs of all layers register in a preview, from the engine's own events. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OutputRelay } from "@proliferate-infra/orchestrator/output-relay/server";
import { layerNames } from "@proliferate-infra/shared/layers";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";

/** How the engine writes a value that is not known yet (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

interface PreviewEvent {
  readonly resourcePreEvent?: {
    readonly metadata: { readonly type: string; readonly new?: { readonly inputs?: unknown } };
  };
}

/** Inputs of every resource of every layer, previewed at the same time as `rollout preview` does it. */
export async function previewedInputs(environment: EngineEnvironment): Promise<readonly unknown[]> {
  const folder = mkdtempSync(join(tmpdir(), "preview-events-"));
  const relay = await OutputRelay.open(layerNames, "previews");
  try {
    const variables = { ...relay.variables, PULUMI_DEBUG_COMMANDS: "true", ROLLOUT_RUN_ID: "test" };
    const inputs = layerNames.map(async (layer) => {
      const log = join(folder, `${layer}.json`);
      const ended = await environment.pulumiWith(variables, layer, "preview", "--event-log", log);
      relay.end(layer, false);
      if (ended.exitCode !== 0) {
        throw new Error(`${layer} cannot be previewed:\n${ended.stdout}${ended.stderr}`);
      }
      const events = readFileSync(log, "utf8").trim().split("\n");
      return events
        .map((line) => (JSON.parse(line) as PreviewEvent).resourcePreEvent?.metadata)
        .filter((metadata) => metadata?.type.startsWith("aws:"))
        .map((metadata) => metadata?.new?.inputs);
    });
    return (await Promise.all(inputs)).flat();
  } finally {
    relay.close();
    rmSync(folder, { recursive: true });
  }
}

/** All texts in a value, however deep. */
export function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
