/** The one hash that fingerprints are made of. */
import { createHash } from "node:crypto";

/** Hash of anything that can be written as JSON. */
export function digest(value: unknown): string {
  return createHash("sha256")
    .update(value === undefined ? "undefined" : JSON.stringify(value))
    .digest("hex");
}
