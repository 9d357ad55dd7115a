/** State in AWS as `rollout setup` sees it: bucket, lock table and key, looked at and planned. */
import type { EnvironmentFacts } from "../environment/environment-file.ts";
import type { EnvironmentNames } from "../environment/environment-names.ts";
import { formatStateUrl } from "../environment/state-url.ts";
import { stateInBucket } from "../environment/stored-stacks.ts";
import type { BucketMend } from "../state-backend/bucket-plan.ts";
import type { KeyMend } from "../state-backend/key-plan.ts";
import { tableMendTexts } from "../state-backend/lock-table-plan.ts";
import {
  applyStateBackend,
  planStateBackend,
  readStateBackend,
  type StateClients,
} from "../state-backend/state-backend.ts";
import type { BackendSetup } from "./backend-setup.ts";
import { backendItem } from "./plan-item.ts";

const BUCKET_MENDS: Readonly<Record<BucketMend["kind"], string>> = {
  tag: "tag it as the environments'",
  "public-access": "block all public access",
  ownership: "switch access control lists off",
  versioning: "keep old versions",
  encryption: "encrypt with a KMS key and a bucket key",
  "tls-only": "refuse requests without TLS",
  lifecycle: "remove versions that are 90 days old, but for the last 20",
};
const KEY_MENDS: Readonly<Record<KeyMend, string>> = {
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
      backendItem("KMS key", names.keyAlias, plan.key, (mend) => KEY_MENDS[mend]),
      backendItem("lock table", names.state.lockTable, plan.lockTable, (mend) => tableMendTexts[mend]),
      backendItem("state bucket", names.state.bucket, plan.bucket, ({ kind }) => BUCKET_MENDS[kind]),
    ],
    objects: found.bucket.kind === "bucket" ? stateInBucket(clients.s3, names) : undefined,
    variables: {},
    apply: async () => {
      await applyStateBackend(clients, names, found, plan);
    },
  };
}
