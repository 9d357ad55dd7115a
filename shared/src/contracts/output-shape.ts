/**
 * Describes the type of an output as text that can be stored and compared: `secret text`, `optional list of text`.
 * Pure.
 */
import { z } from "zod";
import type { LayerName } from "../layers.ts";
import { consumedKeys, contracts } from "./all-contracts.ts";
import type { Contract } from "./contract.ts";

const kinds: Readonly<Record<string, string>> = {
  string: "text",
  integer: "whole number",
  number: "number",
  boolean: "yes or no",
};

/** Returns the type of an output; undefined when the contract does not have it. */
export function outputShape(contract: Contract, key: string): string | undefined {
  const shape = contract.schema({ region: "" }).shape[key];
  if (shape === undefined) {
    return undefined;
  }
  const { type, items } = z.toJSONSchema(shape, { unrepresentable: "any" });
  const item = typeof items === "object" && !Array.isArray(items) ? items.type : undefined;
  return [
    ...(contract.secretKeys.includes(key) ? ["secret"] : []),
    ...(shape.safeParse(undefined).success ? ["optional"] : []),
    type === "array" ? `list of ${kindOf(item)}` : kindOf(type),
  ].join(" ");
}

function kindOf(type: unknown): string {
  return kinds[String(type)] ?? String(type);
}

/** Returns the types of all outputs that a layer reads from these upstreams, by names such as `network.vpcId`. */
export function consumedShapes(reader: LayerName, upstreams: readonly LayerName[]): Readonly<Record<string, string>> {
  const shapes = upstreams.flatMap((upstream) =>
    consumedKeys(reader, upstream).map((key) => [`${upstream}.${key}`, outputShape(contracts[upstream], key) ?? ""]),
  );
  return Object.fromEntries(shapes) as Record<string, string>;
}
