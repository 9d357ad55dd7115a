import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { messageOf, UserError } from "@proliferate-infra/backend/errors";

/**
 * Text of a file that a person has named. `~/` is the home folder.
 *
 * @throws UserError when the file cannot be read.
 */
export function readGivenFile(path: string): string {
  try {
    return readFileSync(resolve(path.trim().replace(/^~(?=\/)/, homedir())), "utf8");
  } catch (error) {
    throw new UserError(`${path} cannot be read: ${messageOf(error)}`);
  }
}
