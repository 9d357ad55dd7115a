/** State in AWS: what an environment needs of it, namely key, lock table and bucket, planned and made. */
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import type { Tags } from "@proliferate-infra/shared/values/tags";
import { s3ObjectStore } from "@proliferate-infra/backend/storage/s3";
import type { StateClients } from "../aws/state-clients.ts";
import type { BackendSetup } from "./backend-setup.ts";
import { stateBucket } from "./bucket.ts";
import { environmentKey } from "./key.ts";
import { lockTable } from "./lock-table.ts";
import { checkRefusals } from "./plan-item.ts";
import { completeResource, planResource, readPlan } from "./state-resource.ts";

/** Facts of an environment with state in AWS. */
export function awsFacts(names: EnvironmentNames): EnvironmentFacts {
  return {
    stateUrl: formatStateUrl(names.state),
    secretsProvider: names.secretsProvider,
    account: names.account,
    region: names.state.region,
  };
}

/** Reads what there is in AWS, and plans. Changes nothing. `tags` are the organization's. */
export async function awsBackend(clients: StateClients, names: EnvironmentNames, tags: Tags): Promise<BackendSetup> {
  const resources = stateResources(clients, names, tags);
  const [key, table, bucket] = await Promise.all([
    readPlan(resources.key),
    readPlan(resources.table),
    resources.bucket.read(),
  ]);
  const store = s3ObjectStore(names.state, clients.s3);
  return {
    facts: awsFacts(names),
    items: [key, table, planResource(resources.bucket, bucket)],
    store: bucket.status === "present" ? store : undefined,
    variables: {},
    apply: async () => {
      await completeAll(resources);
      return store;
    },
  };
}

/**
 * Makes sure that key, lock table and bucket are there and right.
 *
 * @returns id of the key.
 * @throws UserError when something is there that must not be used; then nothing was changed.
 */
export async function ensureStateBackend(clients: StateClients, names: EnvironmentNames): Promise<string> {
  const resources = stateResources(clients, names, {});
  const { key, table, bucket } = resources;
  checkRefusals(await Promise.all([readPlan(key), readPlan(table), readPlan(bucket)]));
  return completeAll(resources);
}

function stateResources({ s3, dynamodb, kms }: StateClients, names: EnvironmentNames, tags: Tags) {
  return {
    key: environmentKey(kms, names, tags),
    table: lockTable(dynamodb, names.state.lockTable, tags),
    bucket: stateBucket(s3, names, tags),
  };
}

async function completeAll({ key, table, bucket }: ReturnType<typeof stateResources>): Promise<string> {
  const { id } = await completeResource(key);
  await completeResource(table);
  await completeResource(bucket);
  return id;
}
