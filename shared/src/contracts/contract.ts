/**
 * What a contract between layers is. A layer's outputs are described once, by a zod schema: the producer's
 * program must return exactly that type, and a consumer's reader checks every value against it at run time.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { LayerName } from "../layers.ts";
import type { ArnScope } from "../values/value-shapes.ts";

/** Which layers read which keys of a contract. */
export type Consumers<Key extends PropertyKey = string> = Readonly<Partial<Record<LayerName, readonly Key[]>>>;

/** One layer's exported outputs: flat keys only, because an object output becomes secret as a whole. */
export interface Contract<
  Shape extends z.ZodObject = z.ZodObject<Readonly<Record<string, z.ZodType>>>,
  Reads extends Consumers = Consumers,
> {
  readonly layer: LayerName;
  /** Schema of all outputs, for an environment in that account and region. */
  readonly schema: (scope: ArnScope) => Shape;
  /** Keys whose values are always secret. */
  readonly secretKeys: readonly string[];
  /** Which outputs each layer reads; it gets these and no others. Outputs that no layer reads are for people and scripts. */
  readonly consumers: Reads;
  /**
   * Outputs that will go, with what to read instead. An output is dropped in three steps, each deployed: it is marked
   * here, its readers leave `consumers`, it goes.
   */
  readonly deprecated: Readonly<Record<string, string>>;
}

/** Declares a contract; the types of its outputs and of what each consumer gets follow from it. */
export function defineContract<
  Shape extends z.ZodObject,
  const Reads extends Consumers<Extract<keyof z.infer<Shape>, string>>,
>(contract: Contract<Shape, Reads>): Contract<Shape, Reads> {
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

/** What a layer gets of a contract: the outputs that it is named as a consumer of. */
export type ConsumedOutputs<C, Reader extends LayerName> =
  C extends Contract<z.ZodObject, infer Reads>
    ? Pick<UpstreamOutputs<C>, Extract<NonNullable<Reads[Reader]>[number], keyof UpstreamOutputs<C>>>
    : never;
