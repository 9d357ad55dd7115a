/** Takes existing AWS resources, such as those of another Pulumi project, into a layer's state without changing them. */
import { readFileSync } from "node:fs";
import { isAbsolute } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { layerNames, type LayerName } from "../layers.ts";

/** Variable with the absolute path of a JSON file: for each layer, ids in AWS by `TYPE::NAME`, the end of the resource's URN. */
const ADOPT_VARIABLE = "ROLLOUT_ADOPT";

const adoptedSchema = z.partialRecord(z.enum(layerNames), z.record(z.string(), z.string().min(1)));

/**
 * Imports the resources that the file names for this layer, as they are in AWS. Call it before resources are registered. Returns a
 * function to call afterwards.
 *
 * Differences between AWS and the program are ignored, because Pulumi refuses an import with differences. A deployment without
 * the variable changes them.
 *
 * @throws pulumi.RunError when the file cannot be read. The returned function throws it for names that the layer does not have.
 */
export function adoptResources(layer: LayerName): () => void {
  const path = process.env[ADOPT_VARIABLE];
  if (path === undefined) {
    return () => undefined;
  }
  const ids = new Map(Object.entries(readAdopted(path)[layer] ?? {}));
  const registered: string[] = [];
  pulumi.runtime.registerStackTransformation(({ type, name, props, opts }) => {
    const key = `${type}::${name}`;
    registered.push(key);
    const id = ids.get(key);
    return id === undefined
      ? undefined
      : { props, opts: pulumi.mergeOptions(opts, { import: id, ignoreChanges: ["*"] }) };
  });
  return () => {
    const unknown = [...ids.keys()].filter((key) => !registered.includes(key));
    if (unknown.length > 0) {
      throw new pulumi.RunError(
        `${path} names resources that ${layer} does not have: ${unknown.join(", ")}. It has:\n` +
          registered
            .filter((key) => key.startsWith("aws:"))
            .map((key) => `  ${key}`)
            .join("\n"),
      );
    }
  };
}

function readAdopted(path: string): z.infer<typeof adoptedSchema> {
  if (!isAbsolute(path)) {
    throw new pulumi.RunError(`${ADOPT_VARIABLE} must be an absolute path, not ${path}.`);
  }
  try {
    return adoptedSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new pulumi.RunError(`The file ${path} of ${ADOPT_VARIABLE} cannot be read: ${reason}`);
  }
}
