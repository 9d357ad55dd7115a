/**
 * Finds outputs that the layers of a run read, and that the layers it leaves out do not have: these may have been deployed
 * from another commit. Pure.
 *
 * Only presence and kind are checked; the program that reads a value checks the value.
 */
import { contracts, consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";
import { outputShape } from "@proliferate-infra/shared/contracts/output-shape";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { StoredOutput } from "@proliferate-infra/backend/pulumi-files/state";
import type { Contracts } from "./contracts.ts";
import type { Fault } from "@proliferate-infra/backend/fault";
import { deployFirst } from "@proliferate-infra/backend/program/unsafe-states";

/** A layer with the outputs in its state; none before its first deployment. */
export interface DeployedLayer {
  readonly layer: LayerName;
  readonly outputs: Readonly<Record<string, StoredOutput>>;
}

/** Outputs that `readers` need and `upstreams` do not have: one fault for each. */
export function lackingOutputs(
  stack: string,
  readers: readonly LayerName[],
  upstreams: readonly DeployedLayer[],
  current: Contracts = contracts,
): readonly Fault[] {
  return upstreams.flatMap(({ layer, outputs }) => {
    const affected = readers.filter((reader) => consumedKeys(reader, layer).length > 0);
    const fix = deployFirst(stack, layer);
    if (affected.length > 0 && Object.keys(outputs).length === 0) {
      return [{ message: `${layer} is not deployed, but ${affected.join(" and ")} would be built on it.`, fix }];
    }
    const keys = new Set(affected.flatMap((reader) => consumedKeys(reader, layer)));
    return [...keys].flatMap((key) => {
      const message = lack(outputs[key], outputShape(current[layer], key));
      const by = affected.filter((reader) => consumedKeys(reader, layer).includes(key)).join(" and ");
      return message === undefined ? [] : [{ message: `${layer}.${key}, which ${by} would read, ${message}.`, fix }];
    });
  });
}

/** Such as `is missing in its state`; undefined when the output is of that kind. */
function lack(output: StoredOutput | undefined, shape: string | undefined): string | undefined {
  const words = shape?.split(" ") ?? [];
  const kind = words.filter((word) => word !== "secret" && word !== "optional").join(" ");
  if (output === undefined || output.value === null) {
    return words.includes("optional") ? undefined : "is missing in its state";
  }
  if (output.ciphertext !== undefined) {
    return undefined;
  }
  if (words.includes("secret")) {
    return "is not secret in its state";
  }
  return hasKind(output.value, kind) ? undefined : `is not of the kind "${kind}" in its state`;
}

function hasKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case "text":
      return typeof value === "string";
    case "whole number":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "yes or no":
      return typeof value === "boolean";
    case "list of text":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    default:
      return true;
  }
}
