/** What holds of an environment after any fault: nothing is locked, every state is whole, and nothing secret was printed. */
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { localEnvironment } from "@proliferate-infra/backend/environment/local-names";
import type { LockStore } from "@proliferate-infra/backend/lock/store";
import type { RolloutReport } from "@proliferate-infra/orchestrator/report/report";
import { layerNames } from "@proliferate-infra/shared/layers";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";

/** Expects it. */
export async function expectSound(environment: EngineEnvironment, lock: LockStore): Promise<void> {
  expect((await lock.read())?.holder, "the environment's lock").to.equal(null);
  expect(await pulumiLocks(environment), "Pulumi's locks").to.deep.equal([]);
  for (const layer of layerNames) {
    const { checkpoint } = JSON.parse(await environment.stateOf(layer)) as {
      checkpoint: { latest: { pending_operations?: unknown[] } | null };
    };
    expect(checkpoint.latest?.pending_operations ?? [], `operations of ${layer} that were cut off`).to.deep.equal([]);
  }
  expect(environment.printed.join("\n")).not.to.contain("canary");
}

/** Expects that a lone preview of each layer finds nothing to do. */
export async function expectNothingToChange(environment: EngineEnvironment): Promise<void> {
  for (const layer of layerNames) {
    const preview = await environment.pulumi(layer, "preview", "--expect-no-changes");
    expect(preview.exitCode, preview.stdout + preview.stderr).to.equal(0);
  }
}

/** How the layers of a run have ended: the status of each, or the layer that blocks it. */
export function ends({ layers }: RolloutReport): readonly string[] {
  return layers.map(({ status, cause }) => cause ?? status);
}

/** Keys of Pulumi's own locks. */
async function pulumiLocks({ s3 }: EngineEnvironment): Promise<readonly string[]> {
  const { bucket, prefix } = localEnvironment.state;
  const request = new ListObjectsV2Command({ Bucket: bucket, Prefix: `${prefix}/.pulumi/locks/` });
  const { Contents: objects = [] } = await s3.send(request);
  return objects.map(({ Key: key = "" }) => key).filter((key) => key.endsWith(".json"));
}
