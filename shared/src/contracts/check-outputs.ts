/** Checks the outputs in an upstream's state against its contract. Pure. */
import type { Contract } from "./contract.ts";
import type { ArnScope } from "../values/value-shapes.ts";

/** An output in a state: its value, which is undefined when it is missing, and whether it is secret. */
export interface RawOutput {
  readonly value: unknown;
  readonly secret: boolean;
}

/** One output that a consumer must not use. */
export interface OutputFault {
  readonly key: string;
  /** What is wrong, as the end of "<key> ...". Never contains the value. */
  readonly message: string;
}

/** Outputs that agree with the contract, by key, without missing optional ones; and the faults of the others. */
export interface CheckedOutputs {
  readonly outputs: Readonly<Record<string, RawOutput>>;
  readonly faults: readonly OutputFault[];
}

function isElidedSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function faultOf(contract: Contract, scope: ArnScope, key: string, raw: RawOutput): string | undefined {
  const shape = contract.schema(scope).shape[key];
  if (raw.value === undefined || raw.value === null) {
    return shape?.safeParse(undefined).success === true ? undefined : "is missing";
  }
  if (isElidedSecret(raw.value)) {
    return "is a secret that cannot be decrypted here: all layers of an environment must use one secrets provider";
  }
  if (contract.secretKeys.includes(key) && !raw.secret) {
    return "must be secret but is stored as plain text";
  }
  const result = shape?.safeParse(raw.value);
  return result?.success === false ? result.error.issues.map(({ message }) => message).join("; ") : undefined;
}

/** Checks outputs against their shape, their secretness and the environment's account. Without `keys` it checks all. */
export function checkOutputs(
  contract: Contract,
  scope: ArnScope,
  raw: Readonly<Record<string, RawOutput>>,
  keys: readonly string[] = Object.keys(contract.schema(scope).shape),
): CheckedOutputs {
  const outputs: Record<string, RawOutput> = {};
  const faults: OutputFault[] = [];
  for (const key of keys) {
    const output = raw[key] ?? { value: undefined, secret: false };
    const message = faultOf(contract, scope, key, output);
    if (message !== undefined) {
      faults.push({ key, message });
    } else if (output.value !== undefined && output.value !== null) {
      outputs[key] = output;
    }
  }
  return { outputs, faults };
}
