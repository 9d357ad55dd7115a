/** Faults of settings as text, with the commands that fix them. */
import type { SettingFault } from "@proliferate-infra/shared/settings/fault";
import { descriptionOf, keyNamed } from "./keys.ts";

export function describeFaults(faults: readonly SettingFault[], stack: string): string {
  return faults.map(({ key, message }) => `  ${key} ${message}\n    ${fixCommand(key, stack)}`).join("\n");
}

/** Sets a key; removes a name that is no key. */
function fixCommand(name: string, stack: string): string {
  const key = keyNamed(name);
  if (key === undefined) {
    return `scripts/configure.sh unset --stack ${stack} ${name}`;
  }
  const value = descriptionOf(key).secret ? `--secret ${key}` : `${key}=<value>`;
  return `scripts/configure.sh set --stack ${stack} ${value}`;
}
