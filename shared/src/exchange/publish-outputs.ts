/** What a layer's program does with its outputs: exports them, and hands them to the layers that run at the same time. */
import * as pulumi from "@pulumi/pulumi";
import type { LayerName } from "../layers.ts";
import { exchangeOfThisRun, type ExchangeClient } from "./exchange-client.ts";
import type { ExchangedOutput } from "./exchange-protocol.ts";

/**
 * Hands a layer's outputs to the rollout, if it waits for them, each as soon as it is known. Answers the same outputs.
 * An output that is never known because its resource failed is not handed over; the rollout says so to those who wait.
 */
export function publishOutputs<Outputs extends object>(layer: LayerName, outputs: Outputs): Outputs {
  const exchange = exchangeOfThisRun(layer);
  if (exchange?.wants(layer, pulumi.runtime.isDryRun()) === true) {
    void publish(layer, outputs, exchange).catch((error: unknown) => {
      void pulumi.log.error(`Outputs of ${layer} cannot be handed over: ${String(error)}`);
    });
  }
  return outputs;
}

async function publish(layer: LayerName, outputs: object, exchange: ExchangeClient): Promise<void> {
  const present = Object.entries(outputs).filter(([, value]) => value !== undefined);
  await exchange.announce(
    layer,
    present.map(([key]) => key),
  );
  const handed = present.map(async ([key, value]) => {
    const output = await resolved(value).catch(() => undefined);
    if (output !== undefined) {
      await exchange.hand(layer, key, output);
    }
  });
  await Promise.all(handed);
}

/** Parts of an output that the SDK has for itself (sdk/nodejs/output.ts); `apply` does not run on unknown values. */
interface OutputInternals {
  readonly isKnown: Promise<boolean>;
  promise(withUnknowns: boolean): Promise<unknown>;
}

async function resolved(value: unknown): Promise<ExchangedOutput> {
  const output = pulumi.output(value);
  const internals = output as unknown as OutputInternals;
  const [isKnown, secret] = await Promise.all([internals.isKnown, pulumi.isSecret(output)]);
  const plain = isKnown ? await internals.promise(true) : undefined;
  return isKnown && !pulumi.containsUnknowns(plain) ? { known: true, secret, value: plain } : { known: false, secret };
}
