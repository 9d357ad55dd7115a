/** States in a folder, without Pulumi's engine: with a resource, or with outputs. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { stateKey } from "@proliferate-infra/backend/pulumi-files/read-states";
import { layerByName, type LayerName } from "@proliferate-infra/shared/layers";

interface StoredState {
  readonly checkpoint: { latest?: { resources?: readonly unknown[] } };
}

/** Adds a resource to the state of a layer's stack, which must exist. */
export function addResource(directory: string, layer: LayerName, stack: string): void {
  const { project } = layerByName(layer);
  const path = join(directory, stateKey(stack, layer));
  const state = JSON.parse(readFileSync(path, "utf8")) as StoredState;
  const type = "aws:ec2/vpc:Vpc";
  const resource = { urn: `urn:pulumi:${stack}::${project}::${type}::vpc`, type, custom: true, id: "vpc-1" };
  const latest = { ...state.checkpoint.latest, resources: [resource] };
  writeFileSync(path, JSON.stringify({ ...state, checkpoint: { ...state.checkpoint, latest } }));
}

/** Writes the state of a layer that was deployed with these outputs and has no resources. */
export function writeOutputs(directory: string, layer: LayerName, stack: string, outputs: object): void {
  const path = join(directory, stateKey(stack, layer));
  const urn = `urn:pulumi:${stack}::${layerByName(layer).project}::pulumi:pulumi:Stack::${layer}`;
  mkdirSync(dirname(path), { recursive: true });
  const resources = [{ urn, type: "pulumi:pulumi:Stack", outputs }];
  writeFileSync(path, JSON.stringify({ checkpoint: { latest: { resources } } }));
}
