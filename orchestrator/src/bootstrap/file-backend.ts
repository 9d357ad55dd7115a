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
import { randomBytes, randomUUID } from "node:crypto";
import { dirname, join, relative, resolve } from "node:path";
import { layerNames } from "@proliferate-infra/shared/layers";
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import { PASSPHRASE_PROVIDER } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { backendUrl } from "@proliferate-infra/backend/environment/state-url";
import { readStates } from "@proliferate-infra/backend/pulumi-files/read-states";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import { hasCode, UserError } from "@proliferate-infra/backend/errors";
import type { BackendSetup } from "./backend-setup.ts";
import { completeResource, readPlan, type Found, type StateResource } from "./state-resource.ts";

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
  const folder = stateFolder(directory);
  const passphrase = passphraseIn(passphraseFile, hasStacks);
  return {
    facts,
    items: [await readPlan(folder), await readPlan(passphrase)],
    store,
    // A passphrase in the environment would go before the file.
    variables: { PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile, PULUMI_CONFIG_PASSPHRASE: undefined },
    apply: async () => {
      await completeResource(folder);
      await completeResource(passphrase);
      return store;
    },
  };
}

function stateFolder(path: string): StateResource<object> {
  return {
    what: "state folder",
    name: path,
    read: () => (existsSync(path) ? { status: "present", facts: {} } : { status: "absent" }),
    refusals: () => [],
    requirements: [],
    create: () => {
      mkdirSync(path, { recursive: true, mode: 0o700 });
    },
  };
}

interface PassphraseFacts {
  readonly isEmpty: boolean;
  /** Nobody but its owner may read it. */
  readonly isPrivate: boolean;
}

function passphraseIn(path: string, hasStacks: boolean): StateResource<PassphraseFacts> {
  return {
    what: "passphrase",
    name: path,
    read: () => readPassphrase(path, hasStacks),
    refusals: ({ isEmpty }) => (isEmpty ? ["is empty; delete it if nothing was encrypted with it"] : []),
    requirements: [
      {
        text: "make it readable to its owner only",
        isMet: ({ isPrivate }) => isPrivate,
        fix: () => {
          chmodSync(path, OWNER_ONLY);
        },
      },
    ],
    create: () => {
      writeOnce(path, randomBytes(32).toString("base64url"));
    },
  };
}

function readPassphrase(path: string, hasStacks: boolean): Found<PassphraseFacts> {
  if (existsSync(path)) {
    const isPrivate = (statSync(path).mode & 0o077) === 0;
    return { status: "present", facts: { isEmpty: readFileSync(path, "utf8").trim() === "", isPrivate } };
  }
  return hasStacks
    ? { status: "unusable", reasons: ["is missing; the stacks' secrets cannot be read without it"] }
    : { status: "absent" };
}

/** Makes a whole file, or leaves the one that another set-up has made in the meantime. */
function writeOnce(path: string, text: string): void {
  const draft = `${path}.${randomUUID()}`;
  writeFileSync(draft, `${text}\n`, { mode: OWNER_ONLY });
  try {
    linkSync(draft, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) {
      throw error;
    }
  } finally {
    rmSync(draft);
  }
}
