/** environment.json: the state of a local environment between two commands. Holds no secret. */
import { existsSync, readFileSync } from "node:fs";
import writeFileAtomic from "write-file-atomic";
import { z } from "zod";
import { StepFailed } from "@proliferate-infra/backend/errors";
import type { LocalFolder } from "./folder.ts";

const port = z.int().min(1).max(65535);

/** Schema of a started emulator. */
export const emulatorSchema = z.object({
  /** Process number; never 1, so that a mistake cannot stop init. */
  pid: z.int().min(2),
  /** When the process began, in the system's own notation; a later process with the same number has another. */
  birth: z.string().min(1),
  port,
  /** ISO 8601. */
  startedAt: z.string(),
});

const recordSchema = z.object({
  schemaVersion: z.literal(1),
  /** Absolute path, for people who look into the cache. */
  checkout: z.string(),
  /** Port of the last emulator, taken again when it is free. */
  port: port.optional(),
  /** The emulator that was started last, unless it was stopped. */
  emulator: emulatorSchema.optional(),
  /** Key in the emulator that the stacks' secrets are encrypted with. Another key there means that memory was lost. */
  keyId: z.string().optional(),
});

export type Emulator = z.infer<typeof emulatorSchema>;
/** Content of environment.json. */
export type EnvironmentRecord = z.infer<typeof recordSchema>;

/**
 * The record of a local environment; undefined before its first start.
 *
 * @throws StepFailed when the file is not as this version writes it.
 */
export function readRecord({ environmentFile }: LocalFolder): EnvironmentRecord | undefined {
  return readJsonFile(environmentFile, recordSchema);
}

export function writeRecord({ environmentFile }: LocalFolder, record: EnvironmentRecord): void {
  writeJsonFile(environmentFile, record, 0o600);
}

/**
 * Reads a file about a local environment; undefined when it does not exist.
 *
 * @throws StepFailed when the file is not as this version writes it.
 */
export function readJsonFile<T>(file: string, schema: z.ZodType<T>): T | undefined {
  if (!existsSync(file)) {
    return undefined;
  }
  const text = readFileSync(file, "utf8");
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new StepFailed(`${file} does not describe a local environment of this version.`, {
      fix: "stop the emulator whose pid is in it, if one runs, and delete the file",
    });
  }
}

/** Writes such a file; a reader gets the old content or the new one, never a part. */
export function writeJsonFile(file: string, content: object, mode: number): void {
  writeFileAtomic.sync(file, `${JSON.stringify(content, undefined, 2)}\n`, { mode });
}
