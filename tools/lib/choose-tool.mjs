/** Where one tool comes from: PATH, its official download, a package registry. In this order, each kept in the cache. */
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cacheKey, isComplete } from "./cache-folders.mjs";
import { installOnce } from "./install-once.mjs";
import { DownloadUnavailable } from "./tool-fault.mjs";

/**
 * What all steps of a set-up share.
 * @typedef {object} SetUpContext
 * @property {NodeJS.ProcessEnv} env
 * @property {import("./platform.mjs").PlatformName} platform
 * @property {ReturnType<typeof import("./cache-folders.mjs").cacheFolders>} folders
 * @property {import("./progress.mjs").Progress} progress
 * @property {import("./download.mjs").DownloadLimits} limits
 * @property {import("./go-caches.mjs").GoCaches} goCaches
 * @property {boolean} asksAgain whether an official download that failed lately is tried again although the cache has
 *   the tool from elsewhere
 */

/** How long such a download is left alone, so that a machine that never reaches it does not wait each time. */
const askAgainAfterMs = 24 * 3_600_000;

/**
 * What an installation step gets: an empty folder to fill, a log for its commands' output, and why no earlier source
 * was taken (undefined when there is none).
 * @typedef {{ context: SetUpContext, folder: string, log: string, whyNotOfficial: string | undefined }} Installation
 */

/**
 * @typedef {object} Source
 * @property {string} version that this source installs
 * @property {string} from in words: "npm package pnpm"
 * @property {import("./cache-folders.mjs").Ingredients} ingredients
 * @property {readonly string[]} files that the folder holds when it is usable
 * @property {(installation: Installation) => Promise<void>} install
 */

/** @typedef {"path" | "official" | "registry" | "project"} SourceKind "project": files of this project */

/**
 * @typedef {object} Tool
 * @property {string} name
 * @property {(context: SetUpContext) => Promise<{ version: string, program: string } | undefined>} [onPath] what PATH
 *   has, when it fits
 * @property {readonly { kind: Exclude<SourceKind, "path">, source: Source }[]} sources in the order of preference; the
 *   official download, if any, comes first
 */

/** @typedef {{ name: string, version: string, kind: SourceKind, location: string }} ChosenTool `location`: the program on PATH, else the tool's folder in the cache */

/**
 * @param {Tool} tool
 * @param {SetUpContext} context
 * @returns {Promise<ChosenTool>}
 * @throws {import("./tool-fault.mjs").ToolFault} when the last source fails, too
 */
export async function chooseTool(tool, context) {
  const present = await tool.onPath?.(context);
  if (present !== undefined) {
    return { name: tool.name, version: present.version, kind: "path", location: present.program };
  }
  const candidates = tool.sources.map(({ kind, source }) => ({
    kind,
    source,
    key: keyOf(tool, kind, source, context),
  }));
  const cached = candidates.find(({ key, source }) => isComplete(join(context.folders.root, key), source.files));

  let whyNotOfficial;
  for (const candidate of candidates) {
    if (candidate === cached) return chosen(tool, cached, context);
    if (cached !== undefined && hasFailedLately(candidate, context)) continue;
    try {
      await install(tool, candidate, whyNotOfficial, context);
      return chosen(tool, candidate, context);
    } catch (error) {
      if (!(error instanceof DownloadUnavailable)) throw error;
      whyNotOfficial = error.message;
      writeFileSync(failureFile(candidate, context), whyNotOfficial);
      context.progress.say(`${tool.name}: not from there: ${whyNotOfficial}`);
    }
  }
  throw new Error(`${tool.name} has no source besides its official download`);
}

/** @typedef {{ kind: Exclude<SourceKind, "path">, source: Source, key: string }} Candidate */

/** Its age says when the download was tried last. @param {Candidate} candidate @param {SetUpContext} context */
function failureFile({ key }, { folders }) {
  return join(folders.logs, `${key}.unavailable`);
}

/** @param {Candidate} candidate @param {SetUpContext} context @returns {boolean} */
function hasFailedLately(candidate, context) {
  if (context.asksAgain) return false;
  const failed = statSync(failureFile(candidate, context), { throwIfNoEntry: false });
  return failed !== undefined && Date.now() - failed.mtimeMs < askAgainAfterMs;
}

/** @param {Tool} tool @param {Candidate} candidate @param {string | undefined} whyNotOfficial @param {SetUpContext} context */
async function install(tool, { source, key }, whyNotOfficial, context) {
  const { folders, progress } = context;
  const label = `${tool.name} ${source.version}`;
  await installOnce(folders, {
    key,
    files: source.files,
    onWait: (owner) => progress.say(`${label}: waiting for the set-up of ${owner}, which installs it`),
    make: async (folder) => {
      mkdirSync(folders.logs, { recursive: true });
      const log = join(folders.logs, `${key}.log`);
      rmSync(log, { force: true });
      await progress.during(label, `from ${source.from} (log: ${log})`, () =>
        source.install({ context, folder, log, whyNotOfficial }),
      );
      progress.say(`${label}: ready`);
    },
  });
}

/** @param {Tool} tool @param {string} kind @param {Source} source @param {SetUpContext} context */
function keyOf(tool, kind, { version, ingredients }, { platform }) {
  return cacheKey({ tool: tool.name, version, source: kind, platform, ingredients });
}

/** @param {Tool} tool @param {Candidate} candidate @param {SetUpContext} context @returns {ChosenTool} */
function chosen(tool, { kind, source, key }, { folders }) {
  return { name: tool.name, version: source.version, kind, location: join(folders.root, key) };
}
