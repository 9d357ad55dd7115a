/** Downloads from the tools' official sites; never a hang. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { get } from "./http-get.mjs";
import { DownloadUnavailable, ToolFault } from "./tool-fault.mjs";

/**
 * @typedef {{ probeMs: number, stallMs: number }} DownloadLimits `probeMs`: until a small file is there, or a large one
 *   begins; `stallMs`: the longest pause within a large one
 */

/** @type {DownloadLimits} */
export const downloadLimits = { probeMs: 3_000, stallMs: 20_000 };

const sha1Digits = 40;

/**
 * @typedef {{ env: NodeJS.ProcessEnv, limits: DownloadLimits }} DownloadContext `env`: names proxy and authorities
 */

/**
 * @param {string} url of a small text file
 * @param {DownloadContext} context
 * @returns {Promise<string>}
 * @throws {DownloadUnavailable} when it is not there in time
 */
export async function fetchText(url, { env, limits }) {
  return available(url, async (abort) => {
    const timer = setTimeout(() => abort.abort(new Error("no answer in time")), limits.probeMs);
    try {
      return await text(await get(url, { env, signal: abort.signal }));
    } finally {
      clearTimeout(timer);
    }
  });
}

/**
 * Downloads a large file and checks it.
 * @param {string} url
 * @param {string} file where to write it
 * @param {{ checksum: string, context: DownloadContext }} options `checksum`: SHA-256 or SHA-1, in hexadecimal digits
 * @returns {Promise<void>}
 * @throws {DownloadUnavailable} when the site does not deliver it
 * @throws {ToolFault} when it delivers something else
 */
export async function downloadFile(url, file, { checksum, context: { env, limits } }) {
  const isSha1 = checksum.length === sha1Digits;
  const hash = createHash(isSha1 ? "sha1" : "sha256");
  await available(url, async (abort) => {
    const giveUpAfter = (/** @type {number} */ ms) =>
      setTimeout(() => abort.abort(new Error(`nothing came for ${ms / 1000} s`)), ms);
    let timer = giveUpAfter(limits.probeMs);
    try {
      const watched = async function* (/** @type {AsyncIterable<Uint8Array>} */ chunks) {
        for await (const chunk of chunks) {
          clearTimeout(timer);
          timer = giveUpAfter(limits.stallMs);
          hash.update(chunk);
          yield chunk;
        }
      };
      const body = await get(url, { env, signal: abort.signal });
      await pipeline(body, watched, createWriteStream(file), { signal: abort.signal });
    } finally {
      clearTimeout(timer);
    }
  });
  const actual = hash.digest("hex");
  if (actual !== checksum) {
    throw new ToolFault(
      `${url} has the wrong ${isSha1 ? "SHA-1" : "SHA-256"} checksum: ${actual}, expected ${checksum}`,
      { fix: "try again; if the checksum is wrong again, somebody may be changing the download: find out who first" },
    );
  }
}

/**
 * @param {string} text lines of "<checksum> <file name>", as `sha256sum` and `shasum` write them
 * @param {string} fileName
 * @returns {string}
 * @throws {DownloadUnavailable} when the file is not listed
 */
export function checksumOf(text, fileName) {
  for (const line of text.split("\n")) {
    const match = /^([0-9a-f]{64}|[0-9a-f]{40})\s+\*?(?:\.\/)?(\S+)$/i.exec(line.trim());
    if (match?.[1] !== undefined && match[2] === fileName) return match[1].toLowerCase();
  }
  throw new DownloadUnavailable(`its list of checksums has no ${fileName}`);
}

/**
 * @template T
 * @param {string} url
 * @param {(abort: AbortController) => Promise<T>} fetching aborts with the reason to tell
 * @returns {Promise<T>}
 */
async function available(url, fetching) {
  const abort = new AbortController();
  try {
    return await fetching(abort);
  } catch (error) {
    if (error instanceof ToolFault) throw error;
    throw new DownloadUnavailable(`${url} cannot be had: ${reasonOf(abort.signal.reason ?? error)}`);
  }
}

/** @param {unknown} error @returns {string} */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return "code" in error ? String(error.code) : error.message;
}
