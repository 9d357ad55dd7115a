/** The layers as a graph: an edge for each pair of layers, with the outputs that flow along it. Pure. */
import { consumedKeys } from "@proliferate-infra/shared/contracts/all-contracts";
import { layers, type LayerName } from "@proliferate-infra/shared/layers";

/** Outputs that one layer reads of another. */
export interface LayerEdge {
  readonly from: LayerName;
  readonly to: LayerName;
  readonly outputs: readonly string[];
}

/** All edges, in deployment order of the layers that read. */
export function layerEdges(): readonly LayerEdge[] {
  return layers.flatMap(({ name: to, upstreams }) =>
    upstreams.map((from) => ({ from, to, outputs: consumedKeys(to, from) })),
  );
}

/** The graph for Mermaid, as GitHub draws it in Markdown. */
export function mermaidGraph(edges: readonly LayerEdge[]): string {
  const lines = edges.map(({ from, to, outputs }) => `  ${from} -->|"${outputs.join("<br>")}"| ${to}`);
  return `flowchart TD\n${lines.join("\n")}\n`;
}

export function dotGraph(edges: readonly LayerEdge[]): string {
  const lines = edges.map(({ from, to, outputs }) => `  ${from} -> ${to} [label="${outputs.join("\\n")}"];`);
  const style = [
    "  bgcolor=transparent;",
    '  node [shape=box, style="rounded,filled", fillcolor="#e8f0fa", fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10, color="#57616b"];',
  ];
  return `digraph layers {\n${[...style, ...lines].join("\n")}\n}\n`;
}

/** The graph as an SVG, drawn by Graphviz, which is loaded for it. */
export async function svgGraph(edges: readonly LayerEdge[]): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const svg = (await Graphviz.load()).dot(dotGraph(edges));
  // Only the element: a page has its own document type.
  return svg.slice(svg.indexOf("<svg"));
}
