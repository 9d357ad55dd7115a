/** Hash of the files that a layer's resources depend on: its program, the code that every program loads, and the lockfile. */
import { hasCode } from "@proliferate-infra/backend/errors";
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";

const SHARED = ["shared/src", "shared/package.json", "backend/src", "backend/package.json", "pnpm-lock.yaml"];

/**
 * Files that are not hashed: stack settings are a part of their own, and installed packages follow from the lockfile. While another
 * command writes settings, a file with a number at its end is there for a moment (write-file-atomic).
 */
const LEFT_OUT = /^Pulumi\..+\.yaml(\.\d+)?$|^node_modules$/;

/** Hash of a layer's program in the repository at `root`. */
export async function programDigest(root: string, layer: LayerName): Promise<string> {
  const places = [layerByName(layer).directory, ...SHARED];
  const files = (await Promise.all(places.map((place) => filesBelow(join(root, place))))).flat();
  const hash = createHash("sha256");
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  files.forEach((file, index) =>
    hash
      .update(`${relative(root, file)}\0`)
      // Git may check files out with other line endings; the program is the same.
      .update((texts[index] ?? "").replaceAll("\r\n", "\n"))
      .update("\0"),
  );
  return hash.digest("hex");
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, "ENOTDIR")) {
      return undefined;
    }
    throw error;
  });
  if (entries === undefined) {
    return [path];
  }
  const kept = entries.filter(({ name }) => !LEFT_OUT.test(name));
  const below = await Promise.all(kept.map(({ name }) => filesBelow(join(path, name))));
  return below.flat().sort();
}
