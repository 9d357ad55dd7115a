/**
 * How running layers hand outputs to each other while one rollout runs them at the same time, as in a preview.
 *
 * The rollout opens a socket that only its user can reach and names it, with a token, in one environment variable.
 * A layer's program announces which outputs it has (PUT /outputs/<layer>), then hands over each one as soon as it is
 * known (PUT /outputs/<layer>/<key>). A program that needs them asks for the names (GET /outputs/<layer>) and for each
 * value (GET /outputs/<layer>/<key>); the answer waits until there is one. It can also wait until a layer is completely
 * deployed (GET /deployed/<layer>). Values stay in the memory of these processes.
 */
import { z } from "zod";
import { layerNames } from "../layers.ts";

/** Environment variable with an {@link RelayAddress} as JSON. */
export const RELAY_VARIABLE = "ROLLOUT_EXCHANGE";

/** Header with the token. */
export const TOKEN_HEADER = "x-rollout-token";
/** Header with the layer that asks. */
export const READER_HEADER = "x-rollout-reader";

/** Schema of the variable's content. */
export const relayAddress = z.strictObject({
  /** Path of the socket. */
  socket: z.string().min(1),
  token: z.string().min(1),
  /** Whether programs that only preview hand their outputs over; not where others wait for what is really deployed. */
  previews: z.boolean(),
  /** Layers whose outputs are relayed; those of others come from their states. */
  layers: z.array(z.enum(layerNames)),
});

/** Where the relay is. */
export type RelayAddress = z.infer<typeof relayAddress>;

/** Schema of the names that a layer announces. */
export const announcedKeys = z.array(z.string());

/** Schema of what is known of a layer's outputs: their names, or null when the rollout leaves it as it is in its state. */
export const relayedKeys = announcedKeys.nullable();

/** Schema of one output on its way. */
export const relayedOutput = z.discriminatedUnion("known", [
  z.strictObject({ known: z.literal(true), secret: z.boolean(), value: z.unknown() }),
  z.strictObject({ known: z.literal(false), secret: z.boolean() }),
]);

/** One output on its way: its value, or that nobody can know it before the layer is deployed. */
export type RelayedOutput = z.infer<typeof relayedOutput>;
