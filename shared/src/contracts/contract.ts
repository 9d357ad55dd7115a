/**
 * What a contract between layers is. A layer's outputs are described once, by a zod schema: the producer's
 * program must return exactly that type, and a consumer's reader checks every value against it at run time.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { LayerName } from "../layers.ts";
import type { ArnScope } from "./value-shapes.ts";

/** One layer's exported outputs: flat keys only, because an object output becomes secret as a whole. */
export interface Contract<Shape extends z.ZodObject = z.ZodObject<Readonly<Record<string, z.ZodType>>>> {
  readonly layer: LayerName;
  /** Schema of all outputs, for an environment in that account and region. */
  readonly schema: (scope: ArnScope) => Shape;
  /** Keys whose values are always secret. */
  readonly secretKeys: readonly string[];
}

/** Declares a contract; the type of the outputs follows from the schema. */
export function defineContract<Shape extends z.ZodObject>(contract: Contract<Shape>): Contract<Shape> {
  return contract;
}

/** Plain values of a contract's outputs. */
export type OutputsOf<C> = C extends Contract<infer Shape> ? Readonly<z.infer<Shape>> : never;

/** What a layer's program returns: every output, not resolved yet. */
export type ProducedOutputs<C> = {
  readonly [Key in keyof OutputsOf<C>]: undefined extends OutputsOf<C>[Key]
    ? pulumi.Input<Exclude<OutputsOf<C>[Key], undefined>> | undefined
    : pulumi.Input<OutputsOf<C>[Key]>;
};

/** What a consumer gets: every output, checked, with its secretness kept. */
export type UpstreamOutputs<C> = {
  readonly [Key in keyof OutputsOf<C>]: undefined extends OutputsOf<C>[Key]
    ? pulumi.Output<Exclude<OutputsOf<C>[Key], undefined>> | undefined
    : pulumi.Output<OutputsOf<C>[Key]>;
};
