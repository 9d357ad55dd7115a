import { expect } from "chai";
import fc from "fast-check";
import { normalizedResources, type StoredResource } from "@proliferate-infra/testing/normalized-states";

/** What differs between two deployments of the same environment. */
interface Chance {
  readonly stack: string;
  readonly time: string;
  /** Random parts of the ids of two subnets. */
  readonly ids: readonly [string, string];
  readonly ciphertext: string;
  readonly isReversed: boolean;
}

const hex = fc.stringMatching(/^[0-9a-f]{17}$/);
const anyChance: fc.Arbitrary<Chance> = fc.record({
  stack: fc.constantFrom("dev-one", "dev-two"),
  time: fc.nat(2_000_000_000).map((seconds) => new Date(seconds * 1000).toISOString()),
  ids: fc.tuple(hex, hex).filter(([a, b]) => a.slice(0, 7) !== b.slice(0, 7)),
  ciphertext: fc.base64String(),
  isReversed: fc.boolean(),
});

/** What is the same in two deployments of the same environment, unless it is changed. */
interface Facts {
  readonly cidr: string;
  /** The subnet that a stack output names first. */
  readonly firstSubnet: 0 | 1;
  /** The subnet that the group depends on, besides the first one. */
  readonly dependency: string;
  readonly isSecret: boolean;
  readonly provider: string;
}

const facts: Facts = {
  ...{ cidr: "10.0.0.0/16", firstSubnet: 0, dependency: "subnet-1", isSecret: true, provider: "default" },
};

/** The resources of a deployment: two subnets, a group of both with a set of ids, a stack's outputs with a list of ids. */
function deployed(chance: Chance, { cidr, firstSubnet, dependency, isSecret, provider }: Facts): StoredResource[] {
  const { stack, time, ids, ciphertext, isReversed } = chance;
  const subnets = ids.map((id) => `subnet-${id}`);
  const inAnyOrder = <T>(items: readonly T[]) => (isReversed ? items.toReversed() : [...items]);
  const inState = (type: string, name: string, rest: Omit<StoredResource, "urn" | "type">): StoredResource => ({
    ...{ urn: `urn:pulumi:${stack}::proliferate-network::${type}::${name}`, type, created: time, modified: time },
    ...{ sourcePosition: `file:///layer.ts#${time.length}`, inputs: { Environment: stack } },
    ...rest,
  });
  const dependencies = ["subnet-0", dependency].map(
    (name) => `urn:pulumi:${stack}::proliferate-network::subnet::${name}`,
  );
  const policy = inAnyOrder([
    ["Action", "s3:*"],
    ["Resource", `arn:aws:s3:::files-${ids[0].slice(0, 7)}`],
  ]);
  return inAnyOrder([
    ...subnets.map((id, index) => inState("aws:ec2/subnet:Subnet", `subnet-${index}`, { id })),
    inState("aws:rds/subnetGroup:SubnetGroup", "group", {
      id: `app-${ids[0].slice(0, 7)}`,
      outputs: {
        ...{ subnetIds: inAnyOrder(subnets), cidr, createdAt: time },
        subnetMappings: inAnyOrder(subnets).map((subnetId) => ({ subnetId })),
      },
      dependencies: inAnyOrder(dependencies),
      password: isSecret ? { ciphertext } : "plain",
      policy: JSON.stringify(Object.fromEntries(policy)),
    }),
    inState("pulumi:pulumi:Stack", "stack", {
      outputs: { subnetIds: firstSubnet === 0 ? subnets : subnets.toReversed() },
    }),
    inState("pulumi:providers:pulumi", provider, { id: `2b5dd1d0-1c7e-4d09-9b6a-0123456${ids[1].slice(0, 5)}` }),
  ]);
}

describe("normalized states", () => {
  it("are equal for two deployments of the same environment", () => {
    fc.assert(
      fc.property(anyChance, anyChance, (one, two) => {
        expect(normalizedResources(deployed(one, facts))).to.deep.equal(normalizedResources(deployed(two, facts)));
      }),
    );
  });

  it("are different for every difference that is not chance", () => {
    const anyOther = fc.constantFrom<Partial<Facts>>(
      { cidr: "10.1.0.0/16" },
      { firstSubnet: 1 },
      { dependency: "subnet-2" },
      { isSecret: false },
      { provider: "default_3_0_0" },
    );
    fc.assert(
      fc.property(anyChance, anyChance, anyOther, (one, two, other) => {
        const changed = deployed(two, { ...facts, ...other });
        expect(normalizedResources(changed)).not.to.deep.equal(normalizedResources(deployed(one, facts)));
      }),
    );
    fc.assert(
      fc.property(anyChance, anyChance, fc.nat(4), (one, two, missing) => {
        const fewer = deployed(two, facts).toSpliced(missing, 1);
        expect(normalizedResources(fewer)).not.to.deep.equal(normalizedResources(deployed(one, facts)));
      }),
    );
  });

  it("stay as they are when they are normalized again", () => {
    const anyResource = fc.record({
      urn: fc
        .constantFrom("vpc", "subnet")
        .map((name) => `urn:pulumi:dev-one::proliferate-network::aws:ec2/vpc:Vpc::${name}`),
      type: fc.constantFrom("aws:ec2/vpc:Vpc", "pulumi:pulumi:Stack"),
      outputs: fc.jsonValue(),
      policy: fc.json(),
    });
    const anyResources = fc.oneof(
      fc.array(anyResource as fc.Arbitrary<StoredResource>),
      anyChance.map((chance) => deployed(chance, facts)),
    );
    fc.assert(
      fc.property(anyResources, (resources) => {
        const once = normalizedResources(resources);
        expect(normalizedResources(once)).to.deep.equal(once);
      }),
    );
  });
});
