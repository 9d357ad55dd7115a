/**
 * Completes operations that were cut off, before a layer is deployed or destroyed: what AWS has created is taken into the
 * state, so that it is not created a second time. Pulumi's `refresh --import-pending-creates` takes nothing into the state
 * (tried with CLI 3.259.0 in every form), and forgets the operation.
 */
import { ExportedState, type CutOffCreation } from "@proliferate-infra/backend/pulumi-files/cut-off-operations";
import { runPulumi, type PulumiRun } from "./command.ts";

export interface CutOffContext {
  readonly stack: string;
  /** The layer's folder and the variables of its engine. */
  readonly run: PulumiRun;
  /** Returns the ID of the created resource, if there is one. `knownIds` are those of the state. */
  readonly find: (creation: CutOffCreation, knownIds: ReadonlySet<string>) => Promise<string | undefined>;
  /** Refreshes these resources in the state. */
  readonly refresh: (urns: string[]) => Promise<unknown>;
  readonly say: (text: string) => void;
}

/** Completes all cut-off operations of a layer. Throws StepFailed, UserError of `find`, and the errors of `refresh`. */
export async function completeCutOff({ stack, run, find, refresh, say }: CutOffContext): Promise<void> {
  const read = async () => new ExportedState(await runPulumi(["stack", "export", "--stack", stack], run));
  const save = (input: string) => runPulumi(["stack", "import", "--stack", stack], { ...run, input });
  const state = await read();
  const knownIds = new Set(state.ids);
  const ids = new Map<string, string>();
  for (const creation of state.creations) {
    const id = await find(creation, knownIds);
    if (id !== undefined) {
      ids.set(creation.urn, id);
    }
  }
  // One import for all, so that a kill leaves either all operations or none.
  await save(state.resolved(ids));
  const urns = [...ids.keys(), ...state.others];
  if (urns.length > 0) {
    await refresh(urns);
  }
  const refreshed = await read();
  const foreign = refreshed.withoutDefaultTags(state.creations);
  if (ids.size > 0) {
    await save(refreshed.completed(state.creations, foreign));
  }
  for (const { urn } of state.creations) {
    const id = ids.get(urn);
    if (id === undefined || !refreshed.urns.has(urn)) {
      say(`The creation of ${urn} was cut off. AWS does not have it, so it is created again.`);
    } else if (foreign.includes(urn)) {
      say(
        `The creation of ${urn} was cut off. AWS has ${id}, which lacks this layer's tags, so it was not taken into the state.`,
      );
    } else {
      say(`The creation of ${urn} was cut off. AWS has it, so it was taken into the state: ${id}`);
    }
  }
}
