/** What is wrong with a configuration, in words for the person who fixes it. */
import { layerByName, type LayerName } from "../layers.ts";

/** One thing that is wrong with a layer's configuration. */
export interface SettingFault {
  readonly layer: LayerName;
  /** Key without namespace, or `aws:region`. */
  readonly key: string;
  /** What is wrong and what is allowed, as a sentence. Never holds a secret's value. */
  readonly message: string;
  /** Shell command that fixes it. */
  readonly command: string;
}

/** Facts that a fixing command depends on. */
export interface CommandTarget {
  readonly layer: LayerName;
  readonly stack: string;
}

function place({ layer, stack }: CommandTarget): string {
  return `--stack ${stack} --cwd ${layerByName(layer).directory}`;
}

/** Full name of a key: with the project's namespace, unless it has one already. */
export function fullKey(layer: LayerName, key: string): string {
  return key.includes(":") ? key : `${layerByName(layer).project}:${key}`;
}

/** Command that sets a key; a secret's value is asked for, so that it never stands in a command line. */
export function setCommand(target: CommandTarget, key: string, secret: boolean): string {
  const value = secret ? "--secret" : "<value>";
  return `pulumi config set ${fullKey(target.layer, key)} ${value} ${place(target)}`;
}

/** Command that removes a key. */
export function removeCommand(target: CommandTarget, key: string): string {
  return `pulumi config rm ${fullKey(target.layer, key)} ${place(target)}`;
}

/** All faults as one text: a line for what is wrong, a line for the command that fixes it. */
export function describeFaults(faults: readonly SettingFault[]): string {
  const heading = faults.length === 1 ? "1 setting is wrong:" : `${faults.length} settings are wrong:`;
  const lines = faults.map(({ layer, key, message, command }) => `  ${fullKey(layer, key)} ${message}\n    ${command}`);
  return [heading, ...lines].join("\n");
}
