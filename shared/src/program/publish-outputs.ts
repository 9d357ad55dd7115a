/** What a layer's program does with its outputs: exports them, and hands them to the layers that run at the same time. */
import * as pulumi from "@pulumi/pulumi";
import type { LayerName } from "../layers.ts";
import { relayOfThisRun, type RelayClient } from "../output-relay/client.ts";
import type { RelayedOutput } from "../output-relay/protocol.ts";

/**
 * Hands a layer's outputs to the rollout, if it waits for them, each as soon as it is known. Returns the same outputs.
 * An output that is never known because its resource failed is not handed over; the rollout says so to those who wait.
 */
export function publishOutputs<Outputs extends object>(layer: LayerName, outputs: Outputs): Outputs {
  const relay = relayOfThisRun(layer);
  if (relay?.wants(layer, pulumi.runtime.isDryRun()) === true) {
    void publish(layer, outputs, relay).catch((error: unknown) => {
      void pulumi.log.error(`Outputs of ${layer} cannot be handed over: ${String(error)}`);
    });
  }
  return outputs;
}

async function publish(layer: LayerName, outputs: object, relay: RelayClient): Promise<void> {
  const present = Object.entries(outputs).filter(([, value]) => value !== undefined);
  await relay.announce(
    layer,
    present.map(([key]) => key),
  );
  const handed = present.map(async ([key, value]) => {
    const output = await resolved(value).catch(() => undefined);
    if (output !== undefined) {
      await relay.publish(layer, key, output);
    }
  });
  await Promise.all(handed);
}

/** Parts of an output that the SDK has for itself (sdk/nodejs/output.ts); `apply` does not run on unknown values. */
interface OutputInternals {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

/** Returns an output's value with its secretness, once it is known or known to stay unknown. */
export async function resolved(value: unknown): Promise<RelayedOutput> {
  const output = pulumi.output(value);
  const internals = output as unknown as OutputInternals;
  const [isKnown, secret] = await Promise.all([internals.isKnown, pulumi.isSecret(output)]);
  const plain = isKnown ? await internals.promise(true) : undefined;
  return isKnown && !pulumi.containsUnknowns(plain) ? { known: true, secret, value: plain } : { known: false, secret };
}
