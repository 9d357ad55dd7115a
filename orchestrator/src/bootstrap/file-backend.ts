/**
 * State in a folder of this machine as `rollout setup --file` sees it: the folder, and a file with a generated passphrase
 * that encrypts the stacks' secrets. The passphrase stands beside the state, readable to its owner only: this kind of
 * state is for trying things out, and whoever may read the folder owns the environment.
 */
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
import { layerNames } from "@proliferate-infra/shared/layers";
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import { PASSPHRASE_PROVIDER } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { backendUrl } from "@proliferate-infra/backend/environment/state-url";
import { readStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import { UserError } from "@proliferate-infra/backend/errors";
import type { BackendSetup } from "./backend-setup.ts";
import { itemOf, type PlanItem } from "./plan-item.ts";

const OWNER_ONLY = 0o600;

/** Facts of an environment with state in a folder; `region` where it is known already. */
export function fileFacts(directory: string, stack: string, region: string | undefined): EnvironmentFacts {
  return {
    stateUrl: backendUrl({ kind: "file", directory }),
    secretsProvider: PASSPHRASE_PROVIDER,
    passphraseFile: join(directory, `${stack}.passphrase`),
    ...(region === undefined ? {} : { region }),
  };
}

/**
 * The folder's absolute path, with links followed as far as it exists.
 *
 * @throws UserError when it is in the repository, where a commit could take the passphrase along, or has a character
 *   that a URL would change.
 */
export function stateDirectory(path: string, root: string): string {
  const directory = realPath(resolve(path));
  const inside = relative(realpathSync(root), directory);
  if (!inside.startsWith("..")) {
    throw new UserError(`--file ${path} is in the repository; its passphrase must not be. Choose a folder outside.`);
  }
  if (!/^[\w./@+~-]+$/.test(directory)) {
    throw new UserError(`--file ${directory} has characters other than letters, digits and ./@+~_- in its path.`);
  }
  return directory;
}

function realPath(path: string): string {
  return existsSync(path) ? realpathSync(path) : join(realPath(dirname(path)), relative(dirname(path), path));
}

/** Looks at the folder, and plans. Changes nothing. */
export async function fileBackend(directory: string, stack: string, facts: EnvironmentFacts): Promise<BackendSetup> {
  const store = fileObjectStore(directory);
  const passphraseFile = join(directory, `${stack}.passphrase`);
  const states = await readStates(store, stack, layerNames);
  const hasStacks = [...states.values()].some(({ version }) => version !== undefined);
  const passphrase = planPassphrase(passphraseFile, hasStacks);
  const action = existsSync(directory) ? "keep" : "create";
  return {
    facts,
    items: [{ what: "state folder", name: directory, action, details: [] }, passphrase],
    store,
    // A passphrase in the environment would go before the file.
    variables: { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile, PULUMI_CONFIG_PASSPHRASE: undefined },
    apply: () => {
      mkdirSync(directory, { recursive: true, mode: 0o700 });
      if (passphrase.action === "create") {
        writeOnce(passphraseFile, randomBytes(32).toString("base64url"));
      }
      chmodSync(passphraseFile, OWNER_ONLY);
      return Promise.resolve();
    },
  };
}

function planPassphrase(path: string, hasStacks: boolean): PlanItem {
  const what = "passphrase";
  if (!existsSync(path)) {
    return hasStacks
      ? itemOf(what, path, { refused: ["is missing; the stacks' secrets cannot be read without it"], fixed: [] })
      : { what, name: path, action: "create", details: [] };
  }
  return itemOf(what, path, {
    refused: readFileSync(path, "utf8").trim() === "" ? ["is empty; delete it if nothing was encrypted with it"] : [],
    fixed: (statSync(path).mode & 0o077) === 0 ? [] : ["make it readable to its owner only"],
  });
}

/** Makes a whole file, or leaves the one that has come in between. */
function writeOnce(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${text}\n`, { mode: OWNER_ONLY });
  try {
    linkSync(draft, path);
  } finally {
    rmSync(draft);
  }
}
