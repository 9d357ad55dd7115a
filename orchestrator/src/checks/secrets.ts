/** Checks that the secrets of all layers have one provider and can be decrypted here. */
import { layerByName } from "@proliferate-infra/shared/layers";
import { setCommand } from "@proliferate-infra/shared/settings/fault";
import { setUpCommand } from "@proliferate-infra/backend/environment/missing-settings";
import type { Fault } from "@proliferate-infra/backend/fault";
import { report, type CheckReport } from "./finding.ts";
import type { StackFile } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { Check, Probe } from "./check.ts";
import { credentialsObstacle } from "./credentials.ts";
import { openSecrets, type LockedLayer, type OpenedSecrets } from "./open-secrets.ts";

export const openedSecrets: Probe<OpenedSecrets> = ({ subject: { environment, env }, files }) =>
  openSecrets(files.files, { ...env, ...environment.pulumiVariables });

export const secretsCheck: Check = {
  name: "secrets",
  run: async (context) => {
    const { files } = context.files;
    const { stack, facts } = context.subject.environment;
    const [opened, obstacle] = await Promise.all([context.ask(openedSecrets), context.ask(credentialsObstacle)]);
    const isVisible = ({ layer }: LockedLayer) =>
      obstacle === undefined || files.find((file) => file.layer === layer)?.secretsProvider?.type !== "cloud";
    const locked = opened.locked.filter(isVisible);
    const judged = judgeSecrets(files, { ...opened, locked }, { stack, expected: facts?.secretsProvider });
    return locked.length < opened.locked.length ? { ...judged, notLooked: obstacle } : judged;
  },
};

/** `expected`: the provider in the environment's file, if there is one. Pure. */
export function judgeSecrets(
  files: readonly StackFile[],
  { locked, texts }: OpenedSecrets,
  { stack, expected }: { readonly stack: string; readonly expected: string | undefined },
): CheckReport {
  return report("secrets", [
    ...providerFaults(files, stack, expected),
    ...lockedFaults(locked, files, stack),
    ...[...texts].flatMap(([layer, values]) =>
      [...values]
        .filter(([, text]) => text === undefined)
        .map(([key]) => ({
          message: `${key} cannot be decrypted: it is damaged, or encrypted with the key of another stack.`,
          fix: setCommand({ layer, stack }, key, true),
        })),
    ),
  ]);
}

function providerFaults(files: readonly StackFile[], stack: string, expected: string | undefined): readonly Fault[] {
  const provider = expected ?? files.find((file) => file.provider !== undefined)?.provider;
  return files
    .filter((file) => provider !== undefined && file.provider !== provider)
    .map(({ layer, provider: found }) => ({
      message: `The secrets of ${layer} have ${found === undefined ? "no provider" : `the provider ${found}`}, but those of ${stack} have ${provider}. All layers of an environment need the same provider.`,
      fix: `pulumi stack change-secrets-provider "${provider}" --stack ${stack} --cwd ${layerByName(layer).directory}`,
    }));
}

/** One fault for each reason, because one disabled key locks all layers. */
function lockedFaults(locked: readonly LockedLayer[], files: readonly StackFile[], stack: string): readonly Fault[] {
  const byReason = Map.groupBy(locked, ({ name, message }) => `${name}: ${message}`);
  return [...byReason.values()].flatMap((group) =>
    group.slice(0, 1).map(({ layer, name, message }) => ({
      message: `The secrets of ${namesOf(group)} cannot be read: ${name}: ${message}`,
      fix: fixOf(name, files.find((file) => file.layer === layer)?.provider, stack),
    })),
  );
}

function namesOf(locked: readonly LockedLayer[]): string {
  // British, because American English has a comma before "and".
  return new Intl.ListFormat("en-GB").format(locked.map(({ layer }) => layer));
}

function fixOf(name: string, provider: string | undefined, stack: string): string {
  const key = provider?.replace(/^awskms:\/\/\/?/, "").replace(/\?.*$/, "") ?? "";
  switch (name) {
    case "DisabledException":
      return `Enable the key: aws kms enable-key --key-id <id>; its id: aws kms describe-key --key-id ${key}`;
    case "KMSInvalidStateException":
      return `If its deletion is scheduled: aws kms cancel-key-deletion --key-id <id>; its id: aws kms describe-key --key-id ${key}`;
    case "NotFoundException":
      return `The key and everything that it encrypted are lost. ${setUpCommand(stack)} creates a new key; then set the secrets again.`;
    case "UserError":
    case "WrongPassphrase":
    case "Error":
      return "Let PULUMI_CONFIG_PASSPHRASE_FILE name the file with the passphrase they were encrypted with, and unset PULUMI_CONFIG_PASSPHRASE.";
    default:
      return `These credentials need kms:Decrypt for ${key}; rollout setup --stack ${stack} --print-iam shows what a role needs.`;
  }
}
