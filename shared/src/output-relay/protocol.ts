/**
 * How layers that one rollout runs at the same time, as in a preview, read each other's outputs.
 *
 * The rollout opens a socket that only its user can reach. One environment variable has its path and a token.
 * A layer's program announces the names of its outputs (PUT /outputs/<layer>), then publishes each one as soon as it is
 * known (PUT /outputs/<layer>/<key>). A program that needs them asks for the names (GET /outputs/<layer>) and for each
 * value (GET /outputs/<layer>/<key>); the answer comes when there is one. It can also wait until a layer is completely
 * deployed (GET /deployed/<layer>). Values stay in the memory of these processes.
 */
import { z } from "zod";
import { layerNames } from "../layers.ts";

/** Environment variable with an {@link RelayAddress} as JSON. */
export const RELAY_VARIABLE = "ROLLOUT_OUTPUT_RELAY";

export const TOKEN_HEADER = "x-rollout-token";
/** Header with the layer that makes the request. */
export const READER_HEADER = "x-rollout-reader";

/** Schema of the variable's content. */
export const relayAddress = z.strictObject({
  socket: z.string().min(1),
  token: z.string().min(1),
  /** Whether previews publish their outputs; false where others wait for deployed values. */
  previews: z.boolean(),
  /** Layers whose outputs are relayed; those of others come from their states. */
  layers: z.array(z.enum(layerNames)),
});

export type RelayAddress = z.infer<typeof relayAddress>;

/** Schema of the names that a layer announces. */
export const announcedKeys = z.array(z.string());

/** Schema of the names of a layer's outputs; null when the rollout does not run the layer, so that its state has them. */
export const relayedKeys = announcedKeys.nullable();

/** Schema of one relayed output. */
export const relayedOutput = z.discriminatedUnion("known", [
  z.strictObject({ known: z.literal(true), secret: z.boolean(), value: z.unknown() }),
  z.strictObject({ known: z.literal(false), secret: z.boolean() }),
]);

/** One relayed output: its value, or that it is unknown until the layer is deployed. */
export type RelayedOutput = z.infer<typeof relayedOutput>;
