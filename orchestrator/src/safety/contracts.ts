/**
 * Finds outputs that a deployment would remove or change while deployed layers still read them. The ledger has the outputs that
 * each layer was deployed with, so neither the engine nor another commit is needed. Pure.
 */
import { contracts } from "@proliferate-infra/shared/contracts/all-contracts";
import type { Contract } from "@proliferate-infra/shared/contracts/contract";
import { outputShape } from "@proliferate-infra/shared/contracts/output-shape";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Fault } from "@proliferate-infra/backend/fault";

/** Kinds of the outputs that deployed layers read, such as `network.vpcId: text`, by reader. */
export type ConsumedByReader = ReadonlyMap<LayerName, Readonly<Record<string, string>>>;

export type Contracts = Readonly<Record<LayerName, Contract>>;

/**
 * Outputs that a deployment of `producers` would remove or change: one fault for each, with its readers.
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
    fix: "Keep the output and name it in the contract's `deprecated`. Remove it from `consumers` and deploy. Then remove it.",
  }));
}

/** Such as `network.vpcId is removed`; undefined when the output does not change, or its layer is not deployed. */
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
  return now === undefined ? `${name} is removed` : `${name} changes from ${before} to ${now}`;
}

/** Deprecated outputs that these layers still read, with what to read instead. */
export function deprecatedReads(readers: readonly LayerName[], current: Contracts = contracts): readonly Fault[] {
  return Object.values(current).flatMap(({ layer, consumers, deprecated }) =>
    Object.entries(deprecated).flatMap(([key, instead]) =>
      readers
        .filter((reader) => consumers[reader]?.includes(key))
        .map((reader) => ({ message: `${reader} reads ${layer}.${key}, which is deprecated.`, fix: instead })),
    ),
  );
}
