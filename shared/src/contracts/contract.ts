/**
 * Contracts between layers. A zod schema describes a layer's outputs once: the producer's program must return
 * exactly that type, and the consumer checks every value against it at run time.
 */
import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { LayerName } from "../layers.ts";
import type { ArnScope } from "../values/value-shapes.ts";

/** Which layers read which keys of a contract. */
export type Consumers<Key extends PropertyKey = string> = Readonly<Partial<Record<LayerName, readonly Key[]>>>;

/** One layer's exported outputs. Keys are flat because one secret value makes a whole object output secret. */
export interface Contract<
  Shape extends z.ZodObject = z.ZodObject<Readonly<Record<string, z.ZodType>>>,
  Reads extends Consumers = Consumers,
> {
  readonly layer: LayerName;
  /** Returns the schema of all outputs for an environment in that account and region. */
  readonly schema: (scope: ArnScope) => Shape;
  /** Keys whose values are always secret. */
  readonly secretKeys: readonly string[];
  /** Outputs that each layer reads. A layer gets no others. Outputs that no layer reads are for people and scripts. */
  readonly consumers: Reads;
  /**
   * Outputs that will be removed, with what to read instead. Removing an output takes three deployments: mark it
   * here, remove its readers from `consumers`, remove the output.
   */
  readonly deprecated: Readonly<Record<string, string>>;
}

/** Declares a contract. The types of its outputs and of each consumer's part are inferred from it. */
export function defineContract<
  Shape extends z.ZodObject,
  const Reads extends Consumers<Extract<keyof z.infer<Shape>, string>>,
>(contract: Contract<Shape, Reads>): Contract<Shape, Reads> {
  return contract;
}

export type OutputsOf<C> = C extends Contract<infer Shape> ? Readonly<z.infer<Shape>> : never;

/** What a layer's program returns: every output as a Pulumi input. */
export type ProducedOutputs<C> = {
  readonly [Key in keyof OutputsOf<C>]: undefined extends OutputsOf<C>[Key]
    ? pulumi.Input<Exclude<OutputsOf<C>[Key], undefined>> | undefined
    : pulumi.Input<OutputsOf<C>[Key]>;
};

/** What a consumer can get: every output, checked. Secret outputs stay secret. */
export type UpstreamOutputs<C> = {
  readonly [Key in keyof OutputsOf<C>]: undefined extends OutputsOf<C>[Key]
    ? pulumi.Output<Exclude<OutputsOf<C>[Key], undefined>> | undefined
    : pulumi.Output<OutputsOf<C>[Key]>;
};

/** The outputs of a contract for which `consumers` names the layer. */
export type ConsumedOutputs<C, Reader extends LayerName> =
  C extends Contract<z.ZodObject, infer Reads>
    ? Pick<UpstreamOutputs<C>, Extract<NonNullable<Reads[Reader]>[number], keyof UpstreamOutputs<C>>>
    : never;
