import { existsSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import { findExecutable } from "@proliferate-infra/tools/lib/executables.mjs";

/** The part of a Pulumi package schema that is compared. */
const reference = z.object({ $ref: z.string().optional() });
const property = reference.extend({
  willReplaceOnChanges: z.boolean().optional(),
  type: z.string().optional(),
  items: reference.optional(),
  additionalProperties: reference.optional(),
});
const properties = z.record(z.string(), property);
const object = z.object({ properties: properties.default({}) });
const schema = z.object({
  types: z.record(z.string(), object.partial()).default({}),
  resources: z.record(
    z.string(),
    z.object({ inputProperties: properties.default({}), properties: properties.default({}) }),
  ),
  functions: z.record(z.string(), z.object({ inputs: object.optional(), outputs: object.optional() })),
});

export type SchemaProperty = z.infer<typeof property>;
export type ProviderSchema = z.infer<typeof schema>;

/**
 * The schema of the AWS provider on PATH, when it was built here; undefined for Pulumi's own, which is what the SDK was
 * made from.
 */
export function readProviderSchema(): ProviderSchema | undefined {
  const program = findExecutable("pulumi-resource-aws", { path: process.env.PATH, except: "/none" });
  if (program === undefined)
    throw new Error("no pulumi-resource-aws on PATH: source scripts/lib/toolchain.sh, run use_toolchain");
  const file = join(dirname(realpathSync(program)), "schema.json");
  return existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, "utf8"))) : undefined;
}

/** The name of the object type that a property holds, in a list or map or plain. */
export function nestedToken(value: SchemaProperty): string | undefined {
  const ref = value.$ref ?? value.items?.$ref ?? value.additionalProperties?.$ref;
  return ref?.startsWith("#/types/") ? ref.slice("#/types/".length) : undefined;
}
