/** `rollout graph`: the layers with the outputs that flow between them, from the contracts. */
import { UserError } from "@proliferate-infra/backend/errors";
import { dotGraph, layerEdges, mermaidGraph, svgGraph } from "../report/graph.ts";

const formats = { mermaid: mermaidGraph, dot: dotGraph, svg: svgGraph };

/** Prints the graph. Returns the exit code. */
export async function graph({ format }: { readonly format: string }): Promise<number> {
  const draw = Object.entries(formats).find(([name]) => name === format)?.[1];
  if (draw === undefined) {
    throw new UserError(`--format ${format} must be one of ${Object.keys(formats).join(", ")}.`);
  }
  process.stdout.write(await draw(layerEdges()));
  return 0;
}
