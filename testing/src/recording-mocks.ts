/**
 * Pulumi mocks that record the resources of a layer. The mocks record inputs. Mocks do not get resource options
 * (provider, protect, ignoreChanges), so a transformation on the layer's root component records those.
 */
import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** A registered resource as the engine would get it. */
interface RecordedResource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string;
}

/** A call of a data source. */
interface RecordedInvoke {
  readonly token: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly provider: string;
}

/** Everything that a layer registered. */
export interface Recording {
  readonly resources: readonly RecordedResource[];
  /** Calls of data sources, in order. */
  readonly invokes: readonly RecordedInvoke[];
  /** Returns the only resource of a type and, if given, logical name. Throws when there is none or more than one. */
  only(type: string, name?: string): RecordedResource;
  /** Returns all resources of a type, sorted by logical name. */
  all(type: string): readonly RecordedResource[];
  /** Options of each child of the root component, by logical name. */
  readonly options: ReadonlyMap<string, pulumi.CustomResourceOptions>;
  /** Types of the AWS resources that Pulumi refuses to delete. */
  readonly protectedTypes: ReadonlySet<string>;
  /** Inputs of AWS resources that are secret, or contain a secret, as `type.property`. */
  readonly secretInputs: ReadonlySet<string>;
}

/** Results of data sources by token. A function gets the inputs. */
export type InvokeAnswers = Readonly<Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>>>;

/** Outputs of a resource type that AWS computes. A function gets the inputs. */
export type ComputedOutputs = Readonly<
  Record<string, Record<string, unknown> | ((inputs: Record<string, unknown>) => Record<string, unknown>)>
>;

/** Account of the mocked environment. */
export const ACCOUNT_ID = "123456789012";

const commonAnswers: InvokeAnswers = {
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({ names: ["us-east-1a", "us-east-1b", "us-east-1c"] }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: ACCOUNT_ID }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com" }),
  "aws:index/getRegion:getRegion": () => ({ region: "us-east-1", name: "us-east-1" }),
};

const idPrefixes: Readonly<Record<string, string>> = {
  "aws:ec2/vpc:Vpc": "vpc-",
  "aws:ec2/subnet:Subnet": "subnet-",
  "aws:ec2/securityGroup:SecurityGroup": "sg-",
};

/** Returns the id of a mocked resource. It has AWS's format if contracts check it. */
export function mockedId(type: string, name: string): string {
  const prefix = idPrefixes[type];
  return prefix === undefined ? `${name}-id` : prefix + createHash("sha256").update(name).digest("hex").slice(0, 12);
}

/** Returns the outputs that AWS would compute, without the inputs. */
function stateOf(type: string, name: string, inputs: Record<string, unknown>): Record<string, unknown> {
  const service = type.split(":")[1]?.split("/")[0] ?? "unknown";
  return {
    arn: `arn:aws:${service}:us-east-1:${ACCOUNT_ID}:${name}`,
    name: inputs.name ?? name,
    ...inputs,
  };
}

/**
 * Runs `create` with recording mocks and waits for every registration. `create` gets the options for the layer's root
 * component. `computed` adds outputs that AWS computes (such as an endpoint) by resource type.
 */
export async function record<T>(
  create: (options: pulumi.ComponentResourceOptions) => T | Promise<T>,
  computed: ComputedOutputs = {},
  answers: InvokeAnswers = {},
): Promise<{ recording: Recording; result: T }> {
  const resources: RecordedResource[] = [];
  const invokes: RecordedInvoke[] = [];
  const options = new Map<string, pulumi.CustomResourceOptions>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, provider }: pulumi.runtime.MockResourceArgs) => {
        const recorded = inputs as Record<string, unknown>;
        resources.push({ type, name, inputs: recorded, provider: provider ?? "" });
        const outputs = computed[type];
        const known = typeof outputs === "function" ? outputs(recorded) : outputs;
        return { id: mockedId(type, name), state: { ...stateOf(type, name, recorded), ...known } };
      },
      call: ({ token, inputs, provider }: pulumi.runtime.MockCallArgs) => {
        invokes.push({ token, inputs: inputs as Record<string, unknown>, provider: provider ?? "" });
        const answer = answers[token] ?? commonAnswers[token];
        if (answer === undefined) {
          throw new Error(`The test has no result for the data source ${token}.`);
        }
        return answer(inputs as Record<string, unknown>);
      },
    },
    "project",
    "stack",
    false,
  );
  const protectedTypes = new Set<string>();
  const secretInputs = new Set<string>();
  const searches: Promise<void>[] = [];
  const findSecrets = async (type: string, props: Readonly<Record<string, unknown>>) => {
    for (const [property, value] of Object.entries(props)) {
      if (await isSecret(value)) {
        secretInputs.add(`${type}.${property}`);
      }
    }
  };
  const transformation: pulumi.ResourceTransformation = ({ type, name, props, opts }) => {
    options.set(name, opts);
    if (type.startsWith("aws:")) {
      searches.push(findSecrets(type, props));
      if (opts.protect === true) {
        protectedTypes.add(type);
      }
    }
    return undefined;
  };
  const result = await create({ transformations: [transformation] });
  await pulumi.runtime.disconnect();
  await Promise.all(searches);
  return { recording: { ...recordingOf(resources, invokes, options), protectedTypes, secretInputs }, result };
}

function recordingOf(
  resources: RecordedResource[],
  invokes: RecordedInvoke[],
  options: Map<string, pulumi.CustomResourceOptions>,
): Omit<Recording, "protectedTypes" | "secretInputs"> {
  const all = (type: string) =>
    resources.filter((resource) => resource.type === type).sort((a, b) => a.name.localeCompare(b.name));
  return {
    resources,
    invokes,
    options,
    all,
    only: (type, name) => {
      const found = all(type).filter((resource) => name === undefined || resource.name === name);
      const [first] = found;
      if (first === undefined || found.length > 1) {
        const names = all(type).map((resource) => resource.name);
        throw new Error(`Expected one ${type} ${name ?? ""}, found ${found.length}; there are: ${names.join(", ")}.`);
      }
      return first;
    },
  };
}

/** Returns the value of an output for assertions. It also returns secrets; `isSecret` checks for them. */
export function valueOf<T>(output: pulumi.Input<T>): Promise<T> {
  return new Promise((resolve) => {
    pulumi.output(output).apply((value) => {
      resolve(value as T);
    });
  });
}

/** Returns whether an output is secret. */
export function isSecret(output: pulumi.Input<unknown>): Promise<boolean> {
  return pulumi.isSecret(pulumi.output(output));
}
