import { expect } from "chai";
import { dotGraph, layerEdges, mermaidGraph, svgGraph } from "@proliferate-infra/orchestrator/report/graph";
import { layers } from "@proliferate-infra/shared/layers";

const edges = layerEdges();

describe("the graph of layers", () => {
  it("has an edge for each pair of layers, with its outputs", () => {
    expect(edges.map(({ from, to }) => [from, to])).to.deep.equal(
      layers.flatMap(({ name, upstreams }) => upstreams.map((upstream) => [upstream, name])),
    );
    expect(edges.find(({ to }) => to === "secrets")?.outputs).to.include("databaseUrl");
    expect(edges.every(({ outputs }) => outputs.length > 0)).to.equal(true);
  });

  it("is drawn for Mermaid", () => {
    const lines = mermaidGraph(edges).trimEnd().split("\n");
    expect(lines[0]).to.equal("flowchart TD");
    expect(lines).to.include('  data -->|"databaseUrl<br>redisUrl<br>redisUrlIsSecret"| secrets');
    expect(lines).to.have.length(1 + edges.length);
  });

  it("is drawn by Graphviz, with every layer and every output", async () => {
    const svg = await svgGraph(edges);
    expect(svg).to.match(/^<svg /);
    for (const text of [...layers.map(({ name }) => name), ...edges.flatMap(({ outputs }) => outputs)]) {
      expect(svg, text).to.include(text);
    }
    expect(dotGraph(edges)).to.match(/^digraph layers \{/);
  });
});
