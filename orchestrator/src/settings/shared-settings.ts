/**
 * The settings that an environment was last deployed with, beside its state: `.rollout/<stack>/settings.json`. Each deployment
 * publishes those of its checkout. Other checkouts pull them.
 *
 * A checkout records the digest of the settings that it last published or pulled (its base, for each layer). With the base it
 * distinguishes changes that were made in this checkout from changes that others published.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import { digest } from "@proliferate-infra/backend/digest";
import { changeFolder } from "@proliferate-infra/backend/environment/change-folder";
import { factsSchema } from "@proliferate-infra/backend/environment/environment-file";
import { pullCommand, pushCommand } from "@proliferate-infra/backend/environment/missing-settings";
import { UserError } from "@proliferate-infra/backend/errors";
import { parseStackFile, stackFileText, type StackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { ObjectStore } from "@proliferate-infra/backend/storage/object-store";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { settingsDigest } from "../decide/fingerprint.ts";
import { actorSchema, actorText } from "../model/run-facts.ts";

const textsSchema = z.partialRecord(z.enum(layerNames), z.string());

const sharedSchema = z.strictObject({
  schemaVersion: z.literal(1),
  publishedAt: z.iso.datetime(),
  by: actorSchema,
  /** Content of `environments/<stack>.yaml`; null where only ROLLOUT_STATE_URL named the state. */
  facts: factsSchema.nullable(),
  /** Texts of the layers' `Pulumi.<stack>.yaml`; their secrets are encrypted. */
  texts: textsSchema,
});

export type SharedSettings = z.infer<typeof sharedSchema>;

/** Texts of settings files by layer; a layer without a file is missing. */
export type SettingsTexts = z.infer<typeof textsSchema>;

/**
 * How the settings of this checkout relate to the shared ones: `unshared`: none are shared; `ahead`: changes were made here only;
 * `behind`: changes were published by others only; `diverged`: both, or this checkout has never pulled.
 */
export type Relation = "unshared" | "current" | "ahead" | "behind" | "diverged";

/** Compares a checkout's settings with the shared ones. Layers that one of them lacks are left out. Pure. */
export function relationOf(own: SettingsTexts, base: SettingsTexts, shared: SettingsTexts | undefined): Relation {
  if (shared === undefined) {
    return "unshared";
  }
  const differing = layerNames.filter((layer) => differs(own[layer], shared[layer]));
  if (differing.length === 0) {
    return "current";
  }
  const isPublished = (layer: LayerName) => digest(shared[layer]) !== base[layer];
  const isChangedHere = (layer: LayerName) => digest(own[layer]) !== base[layer];
  if (!differing.some(isPublished)) {
    return "ahead";
  }
  return differing.some(isChangedHere) ? "diverged" : "behind";
}

function differs(own: string | undefined, shared: string | undefined): boolean {
  return own !== undefined && shared !== undefined && own !== shared;
}

/** Full keys whose values differ, such as `proliferate-services:gatewayImageTag`. A secret that was encrypted anew differs. Pure. */
export function differingKeys(stack: string, own: SettingsTexts, shared: SettingsTexts): readonly string[] {
  return layerNames.flatMap((layer) => {
    const [here, there] = [own[layer], shared[layer]];
    if (here === undefined || there === undefined) {
      return [];
    }
    const [mine, theirs] = [here, there].map((text) => valuesIn(parseStackFile(layer, stack, text)));
    const keys = new Set([...(mine?.keys() ?? []), ...(theirs?.keys() ?? [])]);
    return [...keys].filter((key) => mine?.get(key) !== theirs?.get(key)).sort();
  });
}

/** Whether deployments with these settings are the same: comments do not count, and a value that is not set equals its default. Pure. */
function areEquivalent(stack: string, own: SettingsTexts, shared: SettingsTexts): boolean {
  const digestOf = (layer: LayerName, text: string) => settingsDigest(parseStackFile(layer, stack, text));
  return layerNames.every((layer) => {
    const [here, there] = [own[layer], shared[layer]];
    return here === undefined || there === undefined || digestOf(layer, here) === digestOf(layer, there);
  });
}

function valuesIn({ configuration, encrypted }: StackFile): ReadonlyMap<string, string | undefined> {
  return new Map([...configuration.values].map(([key, { text }]) => [key, text ?? encrypted.get(key)]));
}

/** The message for settings that are not current, with the commands that fix it. Pure. */
export function staleText(
  stack: string,
  relation: "behind" | "diverged",
  shared: SharedSettings,
  keys: readonly string[],
): string {
  const what = keys.length === 0 ? "comments only" : keys.join(", ");
  const heading = `The settings of ${stack} in this checkout are not those that ${actorText(shared.by)} published at ${shared.publishedAt}. They differ in: ${what}.`;
  return relation === "behind"
    ? `${heading}\nA deployment from here would undo the published changes. This gets them:\n  ${pullCommand(stack)}`
    : [
        `${heading}\nThey may have been changed in both places. One of these:`,
        `  ${pullCommand(stack)} --force     takes the published ones; the changes in this checkout are lost`,
        `  ${pushCommand(stack)}             publishes those of this checkout, after showing what differs`,
      ].join("\n");
}

interface StoredSettings {
  readonly settings: SharedSettings;
  /** Of the stored object, for a conditional write. */
  readonly version: string;
}

/** The settings of one environment in a checkout, and the shared ones, which are read once. */
export class SettingsSharing {
  readonly #root: string;
  readonly #stack: string;
  readonly #store: ObjectStore;
  #stored: Promise<StoredSettings | undefined> | undefined;

  /** @param root the checkout. @param store the store of the environment's state. */
  constructor(root: string, stack: string, store: ObjectStore) {
    this.#root = root;
    this.#stack = stack;
    this.#store = store;
  }

  get #key(): string {
    return `.rollout/${this.#stack}/settings.json`;
  }

  get #baseFile(): string {
    return join(changeFolder(this.#root, this.#stack), "base.json");
  }

  /** The shared settings; undefined where none are shared. Throws UserError when they have another format. */
  async shared(): Promise<SharedSettings | undefined> {
    return (await this.#read())?.settings;
  }

  /** Texts of the files in this checkout, usable or not. */
  own(): SettingsTexts {
    const texts = layerNames.map((layer) => [layer, stackFileText(this.#root, layer, this.#stack)] as const);
    return Object.fromEntries(texts.filter(([, text]) => text !== undefined));
  }

  relation(shared: SharedSettings | undefined): Relation {
    return relationOf(this.own(), this.#base(), shared?.texts);
  }

  /**
   * Refuses settings that others have replaced since this checkout published or pulled, unless only comments and defaults that are
   * written out differ. Returns the published texts.
   *
   * @throws UserError with the keys that differ, and the commands that fix it.
   */
  async requireCurrent(): Promise<SettingsTexts> {
    const shared = await this.shared();
    const relation = this.relation(shared);
    if (shared !== undefined && (relation === "behind" || relation === "diverged")) {
      const own = this.own();
      if (areEquivalent(this.#stack, own, shared.texts)) {
        return shared.texts;
      }
      const keys = differingKeys(this.#stack, own, shared.texts);
      throw new UserError(staleText(this.#stack, relation, shared, keys));
    }
    return shared?.texts ?? {};
  }

  /**
   * Publishes the settings of this checkout. Layers without a file here keep what is published.
   *
   * @throws UserError when others have published since the shared settings were read.
   */
  async publish(details: Pick<SharedSettings, "by" | "facts">): Promise<void> {
    const stored = await this.#read();
    const own = this.own();
    const texts = { ...stored?.settings.texts, ...own };
    if (stored === undefined || digest(texts) !== digest(stored.settings.texts)) {
      const settings: SharedSettings = {
        ...{ schemaVersion: 1, publishedAt: new Date().toISOString(), by: details.by, texts },
        facts: details.facts ?? stored?.settings.facts ?? null,
      };
      if ((await this.#store.putIf(this.#key, JSON.stringify(settings), stored?.version)) === undefined) {
        throw new UserError(`Others publish settings of ${this.#stack} at the same time. Run the command again.`);
      }
    }
    this.#stored = undefined;
    this.saveBase(own);
  }

  /** Records that the files of this checkout are the shared ones. */
  saveBase(texts: SettingsTexts): void {
    mkdirSync(changeFolder(this.#root, this.#stack), { recursive: true, mode: 0o700 });
    const digests = Object.entries(texts).map(([layer, text]) => [layer, digest(text)]);
    writeFileAtomic.sync(this.#baseFile, JSON.stringify(Object.fromEntries(digests)), { mode: 0o600 });
  }

  /** Digests by layer. */
  #base(): SettingsTexts {
    return existsSync(this.#baseFile) ? textsSchema.parse(JSON.parse(readFileSync(this.#baseFile, "utf8"))) : {};
  }

  #read(): Promise<StoredSettings | undefined> {
    this.#stored ??= this.#readStored();
    return this.#stored;
  }

  async #readStored(): Promise<StoredSettings | undefined> {
    const stored = await this.#store.get(this.#key);
    if (stored === undefined) {
      return undefined;
    }
    const { data, error } = sharedSchema.safeParse(parseJson(stored.text));
    if (data === undefined) {
      // Not the issues' input: it may be a setting.
      const where = error.issues.map(({ path, code }) => `${path.join(".")} (${code})`).join(", ");
      throw new UserError(
        `${this.#key}, beside the state, does not have the format of this version of rollout: ${where}. Use the version that published it, or move it away.`,
      );
    }
    return { settings: data, version: stored.version };
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
