/** Texts that a person gives in a file or on standard input, which editors and shells write in several encodings. */
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { messageOf, UserError } from "@proliferate-infra/backend/errors";

/**
 * Text of a file that a person has named. `~/` is the home folder.
 *
 * @throws UserError when the file cannot be read, or is no text.
 */
export function readGivenFile(path: string): string {
  return decodeText(path, readGivenBytes(path));
}

/**
 * Text of standard input.
 *
 * @throws UserError when it is no text.
 */
export async function readStandardInput(): Promise<string> {
  return decodeText("Standard input", await buffer(process.stdin));
}

function readGivenBytes(path: string): Buffer {
  try {
    return readFileSync(resolve(path.trim().replace(/^~(?=\/)/, homedir())));
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`);
  }
}

/**
 * Text of bytes in UTF-8, or in the encoding that their byte order mark names. Windows PowerShell writes UTF-16 with one.
 *
 * @param what names the bytes in messages.
 * @throws UserError when they are no text in that encoding.
 */
function decodeText(what: string, bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : "utf-8";
  const text = decoded(encoding, bytes);
  // UTF-16 without a byte order mark, UTF-32 and files of other kinds have zeros.
  if (text === undefined || text.includes("\0")) {
    throw new UserError(`${what} is no text in UTF-8, or in UTF-16 with a byte order mark. Save it as UTF-8.`);
  }
  return text;
}

/** Undefined when the bytes are not valid in that encoding. A byte order mark is left out. */
function decoded(encoding: string, bytes: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
