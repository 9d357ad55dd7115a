/** Errors of a configuration, as text for the person who fixes them. */
import { layerByName, type LayerName } from "../layers.ts";

/** One error in a layer's configuration. */
export interface SettingFault {
  readonly layer: LayerName;
  /** Key without its namespace, or `aws:region`. */
  readonly key: string;
  /** What is wrong and what is allowed, as the end of "<key> ...". Never contains a secret's value. */
  readonly message: string;
  /** Shell command that fixes it. */
  readonly command: string;
}

/** Layer and stack that a command is for. */
export interface CommandTarget {
  readonly layer: LayerName;
  readonly stack: string;
}

function place({ layer, stack }: CommandTarget): string {
  return `--stack ${stack} --cwd ${layerByName(layer).directory}`;
}

/** Returns a key with the project's namespace, unless it already has a namespace. */
export function fullKey(layer: LayerName, key: string): string {
  return key.includes(":") ? key : `${layerByName(layer).project}:${key}`;
}

/** Returns a key without its namespace. */
export function withoutNamespace(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

/** Returns the command that sets a key. It prompts for a secret's value, so that no secret is in a command line. */
export function setCommand(target: CommandTarget, key: string, secret: boolean, value = "<value>"): string {
  return `pulumi config set ${fullKey(target.layer, key)} ${secret ? "--secret" : value} ${place(target)}`;
}

export function removeCommand(target: CommandTarget, key: string): string {
  return `pulumi config rm ${fullKey(target.layer, key)} ${place(target)}`;
}

/** Returns the message for a setting with variables whose names other settings of the layer use, with the command that fixes it. */
export function describeTakenNames(
  target: CommandTarget,
  key: string,
  secret: boolean,
  names: readonly string[],
): string {
  const sorted = [...names].sort().join(", ");
  return `${key} must not set ${sorted}: other settings of this layer do.\n  ${setCommand(target, key, secret)}`;
}

/** Returns all faults as one text. Each has a line that describes it and a line with the command that fixes it. */
export function describeFaults(faults: readonly SettingFault[]): string {
  const heading = faults.length === 1 ? "1 setting is wrong:" : `${faults.length} settings are wrong:`;
  const lines = faults.map(({ layer, key, message, command }) => `  ${fullKey(layer, key)} ${message}\n    ${command}`);
  return [heading, ...lines].join("\n");
}
