/**
 * Makes the states of two deployments of one environment comparable: without times, with sets in one order, and with a number in place
 * of each random part of a name. Equal parts get equal numbers, so a reference to another resource is a difference. Pure.
 */
import { z } from "zod";

type Json = z.core.util.JSONType;

const storedResource = z.object({ urn: z.string(), type: z.string() }).catchall(z.json());
const storedState = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(storedResource) }) }),
});

/** A resource in a state, with all its fields. */
export type StoredResource = z.infer<typeof storedResource>;

/** Fields with times, and with the places in the code that registered the resource. */
const DROPPED = new Set(["created", "modified", "sourcePosition", "stackTrace"]);

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[\d.]*Z/g;

const RANDOM = new RegExp(
  [
    // Pulumi: ids of providers, and the ends of physical names.
    /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/,
    /(?<=-)[0-9a-f]{7}\b/,
    // The AWS provider: versions of secrets.
    /(?<=terraform-)\d{26}/,
    // AWS: ids, secrets, parts of load balancers with their host names, roles, public addresses.
    /(?<=-)[0-9a-f]{17}/,
    /(?<=:secret:[\w-]+-)\w{6}(?![\w-])/,
    /(?<=(?:app|targetgroup)\/[\w/-]+\/)[0-9a-z]{16}\b/,
    /(?<=-)[0-9a-z]{8}(?=\.[\w-]+\.elb\.)/,
    /\bAROA\w{17}\b/,
    /(?<=\bec2-)\d+-\d+-\d+-\d+(?=\.)/,
    /^(?:52|54)\.\d+\.\d+\.\d+$/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/** Returns the resources of these states; see `normalizedResources`. */
export function normalizedStates(states: readonly string[]): readonly StoredResource[] {
  return normalizedResources(
    states.flatMap((state) => storedState.parse(JSON.parse(state)).checkpoint.latest.resources),
  );
}

/** Returns the resources by URN, the same ones for two deployments of one environment. */
export function normalizedResources(resources: readonly StoredResource[]): readonly StoredResource[] {
  const sorted = resources.map(plain).sort((a, b) => (a.urn < b.urn ? -1 : 1));
  const numbers = new Map<string, string>();
  const numbered = (text: string) =>
    text.replace(RANDOM, (random) => {
      const number = numbers.get(random) ?? `<random ${numbers.size + 1}>`;
      numbers.set(random, number);
      return number;
    });
  // Ids get the first numbers, so that the order of a set does not decide.
  sorted.forEach(({ id }) => typeof id === "string" && numbered(id));
  return sorted.map((resource) => inOneOrder(changed(resource, numbered), isSetOf(resource)) as StoredResource);
}

/** The resource without times, secrets and the stack's name. JSON in its texts is parsed, since its keys can be in any order. */
function plain(resource: StoredResource): StoredResource {
  const [, , stack = ""] = resource.urn.split(":");
  const kept = Object.entries(resource).filter(([key]) => !DROPPED.has(key));
  const withoutName = (text: string): Json => {
    const parsed = parsedJson(text);
    return parsed === undefined
      ? text.replaceAll(stack, "<stack>").replace(TIME, "<time>")
      : changed(parsed, withoutName);
  };
  return changed(Object.fromEntries(kept), withoutName) as StoredResource;
}

function parsedJson(text: string): Json | undefined {
  try {
    return /^[{[]/.test(text) ? z.json().parse(JSON.parse(text)) : undefined;
  } catch {
    return undefined;
  }
}

/** The value with `change` applied to each text, and secrets replaced. */
function changed(value: Json, change: (text: string) => Json): Json {
  if (typeof value === "string") {
    return change(value);
  }
  if (Array.isArray(value)) {
    return value.map((item) => changed(item, change));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const keys = Object.keys(value).sort();
  return keys.includes("ciphertext")
    ? "<secret>"
    : Object.fromEntries(keys.map((key) => [key, changed(value[key] ?? null, change)]));
}

/** Whether a list of such items is a set: dependencies, or things with random names that AWS returns in any order. */
function isSetOf({ type }: StoredResource): (item: string) => boolean {
  return (item) => item.startsWith('"urn:') || (type.startsWith("aws:") && item.includes("<random "));
}

/** The value with its sets in one order. `isInSet` gets an item as JSON. */
function inOneOrder(value: Json, isInSet: (item: string) => boolean): Json {
  if (Array.isArray(value)) {
    const items = value.map((item) => inOneOrder(item, isInSet));
    const texts = items.map((item) => JSON.stringify(item));
    return texts.every(isInSet) ? texts.sort().map((text) => z.json().parse(JSON.parse(text))) : items;
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inOneOrder(item, isInSet)]))
    : value;
}
