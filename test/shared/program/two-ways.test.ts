/** A program reads other layers from their states, or gets their outputs from the rollout that runs them too. The result is the same. */
import { expect } from "chai";
import fc from "fast-check";
import * as pulumi from "@pulumi/pulumi";
import { OutputRelay } from "@proliferate-infra/orchestrator/output-relay/server";
import { contracts } from "@proliferate-infra/shared/contracts/all-contracts";
import type { RawOutput } from "@proliferate-infra/shared/contracts/check-outputs";
import type { Contract } from "@proliferate-infra/shared/contracts/contract";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";
import { relayOfThisRun } from "@proliferate-infra/shared/output-relay/client";
import { confirmUpstreams, readUpstreams } from "@proliferate-infra/shared/program/upstream-reader";
import { failureOf } from "@proliferate-infra/testing/failure";
import { withVariables } from "@proliferate-infra/testing/process-variables";
import { isSecret, valueOf } from "@proliferate-infra/testing/recording-mocks";
import { goodOutputs } from "@proliferate-infra/testing/upstream-outputs";

type Outputs = Readonly<Record<string, RawOutput>>;
/** Outputs in the states of the layers. */
type States = Readonly<Partial<Record<LayerName, Outputs>>>;

const scope = { region: "us-east-1" };
const contractOf = (layer: LayerName): Contract => contracts[layer];

/** Runs `work` as the program of `layer`. Returns its result, and the resources that it registered. */
async function inProgram<T>(layer: LayerName, states: States, work: () => Promise<T>, preview = false) {
  const registered: pulumi.runtime.MockResourceArgs[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource: pulumi.runtime.MockResourceArgs) => {
        registered.push(resource);
        const stored = Object.entries(states[resource.name as LayerName] ?? {});
        const outputs = Object.fromEntries(stored.map(([key, { value }]) => [key, value]));
        const secretOutputNames = stored.flatMap(([key, { secret }]) => (secret ? [key] : []));
        return { id: resource.name, state: { ...(resource.inputs as object), outputs, secretOutputNames } };
      },
      call: () => ({}),
    },
    ...([layerByName(layer).project, "prod", preview, "organization"] as const),
  );
  const result = await work();
  await pulumi.runtime.disconnect();
  return { result, registered: registered.sort((a, b) => a.name.localeCompare(b.name)) };
}

/** What a layer's program does with its upstreams. Returns all that it has read. */
async function readAndConfirm(reader: LayerName) {
  const upstreams: Readonly<Record<string, object>> = await readUpstreams(reader, scope);
  const confirmed = confirmUpstreams(reader);
  const read = Object.entries(upstreams).flatMap(([upstream, outputs]) =>
    Object.entries(outputs).map(async ([key, output]: [string, pulumi.Output<unknown>]) => {
      return [`${upstream}.${key}`, { value: await valueOf(output), secret: await isSecret(output) }] as const;
    }),
  );
  const values = Object.fromEntries(await Promise.all(read));
  await confirmed;
  return values;
}

/** Runs `work` in a rollout that runs all upstreams of `reader`. */
async function inRollout<T>(reader: LayerName, work: (relay: OutputRelay) => Promise<T>): Promise<T> {
  const relay = await OutputRelay.open(layerByName(reader).upstreams, "deployments");
  const restore = withVariables({ ...process.env, ...relay.variables });
  try {
    return await work(relay);
  } finally {
    restore();
    relay.close();
  }
}

/** Something that a layer's program or the rollout does. */
type Step = (relay: OutputRelay) => void | Promise<void>;

async function inTurn(steps: readonly Step[], relay: OutputRelay): Promise<void> {
  for (const step of steps) {
    await step(relay);
  }
}

/** Steps of the program of `layer` that hand its outputs over. */
function handOver(layer: LayerName, outputs: Outputs): readonly Step[] {
  const client = (relay: OutputRelay) => relayOfThisRun(layer, relay.variables);
  return [
    (relay) => client(relay)?.announce(layer, Object.keys(outputs)),
    ...Object.entries(outputs).map(
      ([key, output]): Step =>
        (relay) =>
          client(relay)?.publish(layer, key, { known: true, ...output }),
    ),
  ];
}

/** Another value of the same output, if the contract has one. */
function variant(layer: LayerName, key: string, value: unknown): unknown {
  const other =
    typeof value === "boolean"
      ? !value
      : Array.isArray(value)
        ? value.toReversed()
        : typeof value === "number"
          ? value + 1
          : `${String(value)}1`;
  return contractOf(layer).schema(scope).shape[key]?.safeParse(other).success === true ? other : value;
}

/** Any outputs of a layer that agree with its contract. */
function anyOutputs(layer: LayerName): fc.Arbitrary<Outputs> {
  const contract = contractOf(layer);
  const outputs = Object.entries(goodOutputs[layer]).map(
    ([key, value]): [string, fc.Arbitrary<RawOutput | undefined>] => {
      const secret = contract.secretKeys.includes(key) ? fc.constant(true) : fc.boolean();
      const output = fc.record({ value: fc.constantFrom(value, variant(layer, key, value)), secret });
      const isOptional = contract.schema(scope).shape[key]?.safeParse(undefined).success === true;
      return [key, isOptional ? fc.option(output, { nil: undefined }) : output];
    },
  );
  return fc
    .record(Object.fromEntries(outputs))
    .map((all) => Object.fromEntries(Object.entries(all).flatMap(([key, output]) => (output ? [[key, output]] : []))));
}

/** A rollout: the outputs of the layers before `reader`, what happens until they have ended, and when the reader starts. */
const anyRollout = fc.constantFrom<LayerName>("data", "secrets", "services").chain((reader) => {
  const { upstreams } = layerByName(reader);
  const states = fc.record(Object.fromEntries(upstreams.map((layer) => [layer, anyOutputs(layer)])));
  const fates = fc.array(fc.constantFrom("unchanged", "deployed", "failed"), {
    ...{ minLength: upstreams.length, maxLength: upstreams.length },
  });
  return fc.tuple(states, fates).chain(([outputs, fate]) => {
    const steps = upstreams.flatMap((layer, index) =>
      fate[index] === "unchanged" ? [] : handOver(layer, outputs[layer] ?? {}),
    );
    const ends = upstreams.map((layer, index): Step => (relay) => {
      if (fate[index] === "unchanged") {
        relay.useState(layer);
      } else {
        relay.end(layer, fate[index] === "deployed");
      }
    });
    return fc.record({
      reader: fc.constant(reader),
      states: fc.constant<States>(outputs),
      steps: anyOrder(steps),
      ends: anyOrder(ends),
      stepsBefore: fc.nat(steps.length),
    });
  });
});

function anyOrder<T>(items: readonly T[]): fc.Arbitrary<T[]> {
  return fc.shuffledSubarray([...items], { minLength: items.length });
}

describe("both ways to read upstreams", () => {
  it("give the same values and register the same StackReferences, in any order of arrival", async () => {
    await fc.assert(
      fc.asyncProperty(anyRollout, async ({ reader, states, steps, ends, stepsBefore }) => {
        const inOrder = await inProgram(reader, states, () => readAndConfirm(reader));
        const pipelined = await inRollout(reader, (relay) =>
          inProgram(reader, states, async () => {
            await inTurn(steps.slice(0, stepsBefore), relay);
            const reading = readAndConfirm(reader);
            await inTurn([...steps.slice(stepsBefore), ...ends], relay);
            return reading;
          }),
        );
        expect(pipelined).to.deep.equal(inOrder);
        expect(inOrder.registered.map(({ name }) => name)).to.have.members(layerByName(reader).upstreams);
      }),
      { numRuns: 50 },
    );
  });

  describe("when the state has another value than the one that was handed over", () => {
    const databaseUrl = { value: "postgresql://u:canary@db.example.internal:5432/app", secret: true };
    const handedOver = {
      databaseUrl,
      redisUrl: { value: "redis://redis.example.internal:6379", secret: false },
      redisUrlIsSecret: { value: false, secret: false },
    };

    /** The secrets layer gets the outputs of data; afterwards the state of data has `stored`, and data has ended. */
    function secretsAfter(stored: Outputs, isDeployed: boolean) {
      return inRollout("secrets", (relay) =>
        inProgram("secrets", { data: stored }, async () => {
          await inTurn(handOver("data", handedOver), relay);
          relay.end("data", isDeployed);
          return readAndConfirm("secrets");
        }),
      );
    }

    it("fail with the outputs' names and the command, and without their values", async () => {
      const other = { value: "postgresql://u:other-canary@db.example.internal:5432/app", secret: true };
      const error = await failureOf(secretsAfter({ ...handedOver, databaseUrl: other }, true));
      expect(pulumi.RunError.isInstance(error)).to.equal(true);
      expect(error.message).to.contain("organization/proliferate-data/prod").and.to.contain("databaseUrl");
      expect(error.message).to.contain("scripts/deploy-all.sh --stack prod --only secrets");
      expect(error.message).not.to.contain("redisUrl").and.not.to.contain("canary");
    });

    it("fail when an output is gone, or is secret only in one of them", async () => {
      const stored = { databaseUrl, redisUrlIsSecret: { value: false, secret: true } };
      const error = await failureOf(secretsAfter(stored, true));
      expect(error.message).to.contain("redisUrl, redisUrlIsSecret").and.not.to.contain("databaseUrl");
    });

    it("fail after a failed upstream too, whose state may have the outputs of an earlier deployment", async () => {
      const error = await failureOf(secretsAfter({}, false));
      expect(error.message).to.contain("databaseUrl, redisUrl, redisUrlIsSecret").and.not.to.contain("deploy-all.sh");
    });
  });

  it("register a StackReference in a preview too, without waiting for the upstream's end", async () => {
    const outputs = { vpcId: { value: "vpc-1", secret: false } };
    const { registered } = await inRollout("data", (relay) =>
      inProgram(
        ...(["data", {}] as const),
        async () => {
          await inTurn(handOver("network", outputs), relay);
          await confirmUpstreams("data");
        },
        true,
      ),
    );
    expect(registered.map(({ type, name }) => [type, name])).to.deep.equal([
      ["pulumi:pulumi:StackReference", "network"],
    ]);
  });
});
