/** State in AWS as `rollout setup` sees it: bucket, lock table and key, looked at and planned. */
import type { EnvironmentFacts } from "@proliferate-infra/backend/environment/environment-file";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { s3ObjectStore } from "@proliferate-infra/backend/storage/s3";
import type { BucketRepair } from "./bucket-plan.ts";
import type { KeyRepair } from "./key-plan.ts";
import { tableRepairTexts } from "./lock-table-plan.ts";
import { applyStateBackend, planStateBackend, readStateBackend } from "./bootstrap.ts";
import type { StateClients } from "../aws/state-clients.ts";
import type { BackendSetup } from "./backend-setup.ts";
import { backendItem } from "./plan-item.ts";

const BUCKET_REPAIRS: Readonly<Record<BucketRepair["kind"], string>> = {
  tag: "tag it as the environments'",
  "public-access": "block all public access",
  ownership: "switch access control lists off",
  versioning: "keep old versions",
  encryption: "encrypt with a KMS key and a bucket key",
  "tls-only": "refuse requests without TLS",
  lifecycle: "remove versions that are 90 days old, but for the last 20",
};
const KEY_REPAIRS: Readonly<Record<KeyRepair, string>> = {
  alias: "give it its alias, which an interrupted set-up left out",
  rotation: "change it once a year",
};

/** Facts of an environment with state in AWS. */
export function awsFacts(names: EnvironmentNames): EnvironmentFacts {
  return {
    stateUrl: formatStateUrl(names.state),
    secretsProvider: names.secretsProvider,
    account: names.account,
    region: names.state.region,
  };
}

/** Looks at what there is in AWS, and plans. Changes nothing. */
export async function awsBackend(clients: StateClients, names: EnvironmentNames): Promise<BackendSetup> {
  const found = await readStateBackend(clients, names);
  const plan = planStateBackend(found, names);
  return {
    facts: awsFacts(names),
    items: [
      backendItem("KMS key", names.keyAlias, plan.key, (fix) => KEY_REPAIRS[fix]),
      backendItem("lock table", names.state.lockTable, plan.lockTable, (fix) => tableRepairTexts[fix]),
      backendItem("state bucket", names.state.bucket, plan.bucket, ({ kind }) => BUCKET_REPAIRS[kind]),
    ],
    store: found.bucket.kind === "bucket" ? s3ObjectStore(names.state, clients.s3) : undefined,
    variables: {},
    apply: async () => {
      await applyStateBackend(clients, names, found, plan);
    },
  };
}
