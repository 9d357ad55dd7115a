/**
 * Creates files in Pulumi's formats: the layers' `Pulumi.<stack>.yaml` with the sample configuration, and an empty
 * state.
 */
import { stringify } from "yaml";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { encryptValue } from "@proliferate-infra/backend/pulumi-files/secrets";
import { sampleConfiguration, type SampleChanges } from "./sample-configuration.ts";

export interface StackTextOptions {
  readonly stack: string;
  /** Key that encrypts the values. */
  readonly dataKey: Buffer;
  /** Secrets provider and encrypted data key, as in the file. */
  readonly head: Readonly<Record<string, string>>;
  /** Changes to all layers that have the key. */
  readonly changes?: SampleChanges;
  /** Changes to one layer, applied last. */
  readonly changesIn?: Readonly<Partial<Record<LayerName, SampleChanges>>>;
  /** Additional entries of a layer's `config`, as in the file. */
  readonly entriesIn?: Readonly<Partial<Record<LayerName, Readonly<Record<string, unknown>>>>>;
}

/** Returns the settings file of every layer. */
export function stackTexts(options: StackTextOptions): ReadonlyMap<LayerName, string> {
  const { stack, dataKey, head, changes, changesIn, entriesIn } = options;
  return new Map(
    layerNames.map((layer) => {
      const { values } = sampleConfiguration(layer, { ...changes, ...changesIn?.[layer] }, stack);
      const entries = [...values].map(([key, { text = "", secret }]) => [
        key,
        secret ? { secure: encryptValue(dataKey, text) } : text,
      ]);
      const config = { ...(Object.fromEntries(entries) as Record<string, unknown>), ...entriesIn?.[layer] };
      return [layer, stringify({ ...head, config })];
    }),
  );
}

/** Returns the state of a stack without resources. `stack`: full name, such as `organization/project/stack`. */
export function emptyState(stack: string, encryptedKey: string): string {
  const provider = { url: localEnvironment.secretsProvider, encryptedkey: encryptedKey };
  // Pulumi checks `magic` (a hash of `version`) only if there is a version.
  const manifest = { time: new Date().toISOString(), magic: "", version: "" };
  const latest = { manifest, secrets_providers: { type: "cloud", state: provider } };
  return JSON.stringify({ version: 3, checkpoint: { stack, latest } });
}
