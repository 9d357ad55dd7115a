/**
 * The only way an upstream layer's outputs enter a layer: from its state, or, when one rollout runs several layers at the
 * same time, from its running program. Every value is checked, because the engine lets bad ones through: a secret that
 * cannot be decrypted becomes `{}`, a missing output undefined.
 */
import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { consumedKeys, contracts, type Consumed, type Upstreams } from "../contracts/all-contracts.ts";
import { checkOutputs, type OutputFault, type RawOutput } from "../contracts/check-outputs.ts";
import type { ArnScope } from "../values/value-shapes.ts";
import { relayOfThisRun, type RelayClient } from "../output-relay/client.ts";
import type { RelayedOutput } from "../output-relay/protocol.ts";
import { layerByName, type LayerName } from "../layers.ts";

/** What reads and what is read. */
interface Reading {
  readonly reader: LayerName;
  readonly upstream: LayerName;
  readonly scope: ArnScope;
}

const ABSENT = { known: true, value: undefined, secret: false } as const;

/**
 * Outputs of `upstream` that its contract gives to `reader`, in the running program's environment. Those of a state are all checked before this answers;
 * those of a running program one by one, as they come.
 *
 * @throws pulumi.RunError that lists every output that is missing, unreadable or not as the contract says.
 */
export async function readUpstream<Reader extends LayerName, Upstream extends LayerName>(
  reader: Reader,
  upstream: Upstream,
  scope: ArnScope,
): Promise<Consumed<Reader, Upstream>> {
  const reading = { reader, upstream, scope };
  const relay = relayOfThisRun(reader);
  const outputs = await (relay?.covers(upstream) === true ? fromRollout(reading, relay) : fromState(reading));
  // checkOutputs has compared, or will compare, every value with the contract that this type is made from.
  return outputs as Consumed<Reader, Upstream>;
}

/** Outputs of all layers that `reader` builds on; like `readUpstream`. */
export async function readUpstreams<Reader extends LayerName>(
  reader: Reader,
  scope: ArnScope,
): Promise<Upstreams<Reader>> {
  const { upstreams } = layerByName(reader);
  const read = upstreams.map(async (upstream) => [upstream, await readUpstream(reader, upstream, scope)] as const);
  // A contract names a layer as a consumer if and only if it is an upstream of that layer.
  return Object.fromEntries(await Promise.all(read)) as Upstreams<Reader>;
}

/**
 * Waits until the layers that `reader` builds on are completely deployed, where one rollout runs them at the same time: an
 * output says that its own resource is there, not that, say, the routes are.
 *
 * @throws pulumi.RunError when one of them is not going to be.
 */
export async function upstreamsDeployed(reader: LayerName): Promise<void> {
  const relay = relayOfThisRun(reader);
  if (relay === undefined || pulumi.runtime.isDryRun()) {
    return;
  }
  await Promise.all(relayedUpstreams(reader, relay).map((upstream) => relay.deployed(upstream))).catch(refuseToGoOn);
}

/**
 * Registers the StackReferences to the layers that one rollout runs at the same time as `reader`, so that its state is the one that a
 * run in order leaves. A deployment first waits until the upstream has ended, because a StackReference reads the upstream's state.
 * Each output that the upstream handed over must be the one in that state; otherwise `reader` has to be deployed again.
 *
 * @throws pulumi.RunError with the names of the outputs that differ.
 */
export async function confirmUpstreams(reader: LayerName): Promise<void> {
  const relay = relayOfThisRun(reader);
  if (relay !== undefined) {
    await Promise.all(relayedUpstreams(reader, relay).map((upstream) => confirmUpstream(reader, upstream, relay)));
  }
}

function relayedUpstreams(reader: LayerName, relay: RelayClient): readonly LayerName[] {
  return layerByName(reader).upstreams.filter((upstream) => relay.covers(upstream));
}

async function confirmUpstream(reader: LayerName, upstream: LayerName, relay: RelayClient): Promise<void> {
  const announced = await relay.keysOf(upstream).catch(refuseToGoOn);
  if (announced === null) {
    // Its outputs were read with a StackReference.
    return;
  }
  if (pulumi.runtime.isDryRun()) {
    // Planned outputs may differ from those in the state.
    referenceTo(upstream);
    return;
  }
  const isDeployed = await relay.deployed(upstream).then(
    () => true,
    () => false,
  );
  const keys = await differingKeys(reader, upstream, announced, relay);
  if (keys.length > 0) {
    // A layer that fails has handed outputs over too, and its state may still have those of its last deployment.
    const fault = `${reader} was deployed with other values of ${upstream} than its stack ${stackOf(upstream)} has now: ${keys.join(", ")}.`;
    throw new pulumi.RunError(isDeployed ? `${fault}\nDeploy ${reader} again: ${deployCommands(reader)}.` : fault);
  }
}

/** Keys of the outputs that `upstream` has handed over to `reader` and that are not the same in its state. */
async function differingKeys(
  reader: LayerName,
  upstream: LayerName,
  announced: readonly string[],
  relay: RelayClient,
): Promise<readonly string[]> {
  const reference = referenceTo(upstream);
  const differing = consumedKeys(reader, upstream).map(async (key) => {
    const handedOver = announced.includes(key) ? await relay.output(upstream, key).catch(refuseToGoOn) : ABSENT;
    return isSame(handedOver, await readOutput(reference, key)) ? [] : [key];
  });
  return (await Promise.all(differing)).flat();
}

/** A contract counts null as missing. */
function isSame(handedOver: RelayedOutput, stored: RawOutput): boolean {
  return (
    handedOver.known &&
    handedOver.secret === stored.secret &&
    isDeepStrictEqual(handedOver.value ?? undefined, stored.value ?? undefined)
  );
}

function stackOf(layer: LayerName): string {
  return `${pulumi.getOrganization()}/${layerByName(layer).project}/${pulumi.getStack()}`;
}

function referenceTo(upstream: LayerName): pulumi.StackReference {
  return new pulumi.StackReference(upstream, { name: stackOf(upstream) });
}

async function fromState(reading: Reading) {
  const { upstream } = reading;
  const reference = referenceTo(upstream);
  const keys = keysOf(reading);
  const raw = await Promise.all(keys.map(async (key) => [key, await readOutput(reference, key)] as const));
  const { outputs, faults } = checkOutputs(contracts[upstream], reading.scope, Object.fromEntries(raw), keys);
  refuseFaults(upstream, faults);
  return Object.fromEntries(Object.entries(outputs).map(([key, output]) => [key, wrapped(output)]));
}

function keysOf({ reader, upstream }: Reading): readonly string[] {
  return consumedKeys(reader, upstream);
}

/** getOutputDetails gives the plain value; it is marked secret again before anything else sees it. */
async function readOutput(reference: pulumi.StackReference, key: string): Promise<RawOutput> {
  const details = await reference.getOutputDetails(key);
  const secretValue: unknown = details.secretValue;
  return secretValue === undefined ? { value: details.value, secret: false } : { value: secretValue, secret: true };
}

function wrapped({ value, secret }: RawOutput): pulumi.Output<unknown> {
  return secret ? pulumi.secret(value) : pulumi.output(value);
}

/** Missing names are found at once, values when they are there; what nobody can know yet stays unknown. */
async function fromRollout(reading: Reading, relay: RelayClient) {
  const { upstream } = reading;
  const announced = await relay.keysOf(upstream).catch(refuseToGoOn);
  if (announced === null) {
    return fromState(reading);
  }
  const absent = keysOf(reading).filter((key) => !announced.includes(key));
  refuseFaults(
    upstream,
    absent.flatMap((key) => faultsOf(reading, key, ABSENT)),
  );
  const present = keysOf(reading).filter((key) => announced.includes(key));
  return Object.fromEntries(present.map((key) => [key, pulumi.output(relayed(reading, key, relay))]));
}

async function relayed(reading: Reading, key: string, relay: RelayClient): Promise<pulumi.Output<unknown>> {
  const output = await relay.output(reading.upstream, key).catch(refuseToGoOn);
  if (!output.known) {
    return wrapped({ value: pulumi.unknown, secret: output.secret });
  }
  refuseFaults(reading.upstream, faultsOf(reading, key, output));
  return wrapped(output);
}

function refuseToGoOn(error: unknown): never {
  throw new pulumi.RunError(error instanceof Error ? error.message : String(error));
}

function faultsOf({ upstream, scope }: Reading, key: string, output: RawOutput) {
  return checkOutputs(contracts[upstream], scope, { [key]: output }, [key]).faults;
}

function refuseFaults(upstream: LayerName, faults: readonly OutputFault[]): void {
  if (faults.length === 0) {
    return;
  }
  throw new pulumi.RunError(
    [
      `${faults.length} output(s) of the layer ${upstream} (${stackOf(upstream)}) cannot be used; nothing was changed:`,
      ...faults.map(({ key, message }) => `  ${key} ${message}`),
      `Deploy ${upstream} first: ${deployCommands(upstream)}.`,
    ].join("\n"),
  );
}

function deployCommands(layer: LayerName): string {
  const { directory } = layerByName(layer);
  return `scripts/deploy-all.sh --stack ${pulumi.getStack()} --only ${layer}, or pulumi up in ${directory}`;
}
