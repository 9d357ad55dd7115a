/**
 * Reads a layer's state as Pulumi stores it: resources, outputs and interrupted operations. Pure.
 *
 * The document is that of `pulumi stack export`, wrapped as the backend stores it (pulumi/pulumi, sdk/go/common/apitype,
 * VersionedCheckpoint). It is read without the CLI, which would take longer than all checks together.
 */
import { z } from "zod";
import { secretsProviderSchema, type SecretsProvider } from "./secrets.ts";

/** Marks a special value in a state (pulumi/pulumi, sdk/go/common/resource/sig), and a secret among them. */
const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

const secretValue = z.object({ [SIGNATURE_KEY]: z.literal(SECRET_SIGNATURE), ciphertext: z.string() });

const STACK_TYPE = "pulumi:pulumi:Stack";

const properties = z.record(z.string(), z.unknown());
const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().optional(),
  protect: z.boolean().optional(),
  inputs: properties.optional(),
  outputs: properties.optional(),
});

const resourceWithInputs = z.looseObject({
  urn: z.string(),
  custom: z.literal(true),
  inputs: properties,
  outputs: properties,
});

const pendingResource = z.object({ urn: z.string(), protect: z.boolean().optional() });

const checkpoint = z.object({
  checkpoint: z.object({
    latest: z
      .object({
        resources: z.array(resource).optional(),
        secrets_providers: secretsProviderSchema.optional(),
        pending_operations: z.array(z.object({ type: z.string(), resource: pendingResource })).optional(),
      })
      .nullish(),
  }),
});

/** A resource in a layer's state. */
export interface StateResource {
  readonly urn: string;
  /** The provider's id, such as `vpc-0a1b2c`. */
  readonly id: string;
  /** Such as `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  readonly protect: boolean;
  /** As the program set them. Secrets are encrypted. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** As AWS returned them. Secrets are encrypted. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** An operation that was interrupted. */
export interface PendingOperation extends Pick<StateResource, "urn" | "protect"> {
  /** Such as `creating`. */
  readonly type: string;
}

export interface StoredOutput {
  /** The plain value; undefined for a secret. */
  readonly value: unknown;
  /** The encrypted value of a secret. */
  readonly ciphertext: string | undefined;
}

export interface LayerState {
  /** Resources in AWS: without components, providers and the stack itself. */
  readonly resources: readonly StateResource[];
  readonly outputs: Readonly<Record<string, StoredOutput>>;
  readonly pendingOperations: readonly PendingOperation[];
  /** Undefined when the state has none. */
  readonly secretsProvider: SecretsProvider | undefined;
  /** Version of the stored document; undefined when the stack does not exist. */
  readonly version: string | undefined;
}

/** A stack that does not exist, or has never been deployed. */
export const NO_STATE: LayerState = {
  resources: [],
  outputs: {},
  pendingOperations: [],
  secretsProvider: undefined,
  version: undefined,
};

/**
 * Reads a stored state.
 *
 * @throws z.ZodError when the document is no state.
 */
export function parseState(text: string, version: string): LayerState {
  const { latest } = checkpoint.parse(JSON.parse(text)).checkpoint;
  const resources = latest?.resources ?? [];
  const root = resources.find(({ type }) => type === STACK_TYPE);
  const outputs = Object.entries(root?.outputs ?? {}).map(([key, value]) => [key, storedOutput(value)] as const);
  return {
    resources: resources.flatMap(({ urn, type, id, protect, inputs = {}, outputs: own = {} }) =>
      type.startsWith("pulumi:") || id === undefined
        ? []
        : [{ urn, type, id, protect: protect === true, inputs, outputs: own }],
    ),
    outputs: Object.fromEntries(outputs),
    pendingOperations: (latest?.pending_operations ?? []).map(({ type, resource: { urn, protect } }) => ({
      ...{ type, urn },
      protect: protect === true,
    })),
    secretsProvider: latest?.secrets_providers,
    version,
  };
}

/** Outputs are flat (see contract.ts), so no output has a secret inside. */
function storedOutput(value: unknown): StoredOutput {
  const found = secretValue.safeParse(value);
  return found.success ? { value: undefined, ciphertext: found.data.ciphertext } : { value, ciphertext: undefined };
}

/**
 * A stored state with this provider, and every secret encrypted anew: `encrypt` gets the name of its property. Outputs of a
 * resource that hold a secret and are none of its inputs are left out: empty ones, and the provider's note of how to restore the exact
 * state, without which it derives the state from the other outputs (pulumi/pulumi-terraform-bridge, __pulumi_raw_state_delta). Pure.
 */
export function stateWithSecrets(
  text: string,
  provider: SecretsProvider,
  encrypt: (property: string) => string,
): string {
  const replaced = (property: string, value: unknown): unknown => {
    if (property === "secrets_providers") {
      return provider;
    }
    const found = resourceWithInputs.safeParse(value);
    if (found.success) {
      const { inputs, outputs } = found.data;
      const kept = Object.entries(outputs).filter(([key, output]) => key in inputs || !holdsSecret(output));
      return { ...found.data, outputs: Object.fromEntries(kept) };
    }
    const isSecret = secretValue.safeParse(value).success;
    return isSecret ? { [SIGNATURE_KEY]: SECRET_SIGNATURE, ciphertext: encrypt(property) } : value;
  };
  return JSON.stringify(JSON.parse(text, replaced));
}

function holdsSecret(value: unknown): boolean {
  return value !== undefined && JSON.stringify(value).includes(SECRET_SIGNATURE);
}

/** Whether AWS has nothing of the layer. After a cut-off operation it may have something that is not in the state. */
export function isEmpty({ resources, pendingOperations }: LayerState): boolean {
  return resources.length === 0 && pendingOperations.length === 0;
}

/** Outputs that are not secret. */
export function publicValues({ outputs }: LayerState): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(outputs)
      .filter(([, { ciphertext }]) => ciphertext === undefined)
      .map(([key, { value }]) => [key, value]),
  );
}
