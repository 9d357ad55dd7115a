/**
 * Refuses to take an output away from layers that were deployed with it. What each of them reads is kept with its last
 * good deployment, so this needs neither an engine nor a look at another commit. Pure.
 */
import { contracts } from "@proliferate-infra/shared/contracts/all-contracts";
import type { Contract } from "@proliferate-infra/shared/contracts/contract";
import { outputShape } from "@proliferate-infra/shared/contracts/output-shape";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Fault } from "@proliferate-infra/backend/fault";

/** Kinds of the outputs that deployed layers read, such as `network.vpcId: text`, by reader. */
export type ConsumedByReader = ReadonlyMap<LayerName, Readonly<Record<string, string>>>;

/** Contracts by layer; those of this checkout unless a test has others. */
export type Contracts = Readonly<Record<LayerName, Contract>>;

/**
 * What a deployment of `producers` would take away from deployed layers: one fault for each output, with its readers and
 * the way out.
 */
export function brokenOutputs(
  producers: readonly LayerName[],
  consumed: ConsumedByReader,
  current: Contracts = contracts,
): readonly Fault[] {
  const broken = new Map<string, LayerName[]>();
  for (const [reader, shapes] of consumed) {
    for (const [name, before] of Object.entries(shapes)) {
      const change = changeOf(name, before, producers, current);
      if (change !== undefined) {
        broken.set(change, [...(broken.get(change) ?? []), reader]);
      }
    }
  }
  return [...broken].map(([change, readers]) => ({
    message: `${change}, but ${readers.join(" and ")} ${readers.length === 1 ? "was" : "were"} deployed with it.`,
    fix: "Keep it as it was and name it in the contract's `deprecated`; take it out of `consumers` and deploy; then it can go.",
  }));
}

/** Such as `network.vpcId is gone`; undefined when the output is as its readers know it, or its layer is left alone. */
function changeOf(
  name: string,
  before: string,
  producers: readonly LayerName[],
  current: Contracts,
): string | undefined {
  const [layer, key = ""] = name.split(".");
  const producer = producers.find((each) => each === layer);
  if (producer === undefined) {
    return undefined;
  }
  const now = outputShape(current[producer], key);
  if (now === before) {
    return undefined;
  }
  return now === undefined ? `${name} is gone` : `${name} is ${now} now and was ${before}`;
}

/** Outputs that these layers still read although they will go, with what to read instead. */
export function deprecatedReads(readers: readonly LayerName[], current: Contracts = contracts): readonly Fault[] {
  return Object.values(current).flatMap(({ layer, consumers, deprecated }) =>
    Object.entries(deprecated).flatMap(([key, instead]) =>
      readers
        .filter((reader) => consumers[reader]?.includes(key))
        .map((reader) => ({ message: `${reader} reads ${layer}.${key}, which will go.`, fix: instead })),
    ),
  );
}
