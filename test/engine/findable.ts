/** Resources that a rollout finds at AWS when their creation was cut off. */
import { expect } from "chai";
import { ExportedState } from "@proliferate-infra/backend/pulumi-files/cut-off-operations";
import { findCreated, findableTypes } from "@proliferate-infra/orchestrator/aws/created/find-created";
import { layerNames } from "@proliferate-infra/shared/layers";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { withVariables } from "@proliferate-infra/testing/process-variables";

interface StoredResource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
}

/**
 * Cuts off the creation of each resource, in a copy of its layer's state, and expects that its ID is found or not needed. Returns the
 * types of those that were found.
 */
export async function findTypes(environment: EngineEnvironment): Promise<readonly string[]> {
  const restore = withVariables(environment.env);
  const options = { region: "us-east-1", signal: AbortSignal.timeout(60_000) };
  const found = new Set<string>();
  try {
    for (const layer of layerNames) {
      const { checkpoint } = JSON.parse(await environment.stateOf(layer)) as {
        checkpoint: { latest: { resources: StoredResource[] } };
      };
      const { resources } = checkpoint.latest;
      for (const resource of resources.filter(({ type }) => findableTypes.includes(type))) {
        const others = resources.filter((each) => each !== resource);
        const deployment = { resources: others, pending_operations: [{ type: "creating", resource }] };
        const state = new ExportedState(JSON.stringify({ deployment }));
        const [creation] = state.creations;
        const id = creation && (await findCreated({ ...creation, knownIds: new Set(state.ids) }, options));
        expect(id ?? resource.id, resource.urn).to.equal(resource.id);
        if (id !== undefined) {
          found.add(resource.type);
        }
      }
    }
  } finally {
    restore();
  }
  return [...found];
}
