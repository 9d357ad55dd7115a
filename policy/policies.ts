/** All rules of the pack. They are not in index.mjs because creating a pack starts a server. */
import type { Policies } from "@pulumi/policy";
import { policyOf, type Control } from "./control.ts";
import { bucketRules } from "./rules/bucket-rules.ts";
import { containerRules } from "./rules/container-rules.ts";
import { databaseRules } from "./rules/database-rules.ts";
import { iamRules } from "./rules/iam-rules.ts";
import { loadBalancerRules } from "./rules/load-balancer-rules.ts";
import { logRules } from "./rules/log-rules.ts";
import { networkRules } from "./rules/network-rules.ts";
import { redisRules } from "./rules/redis-rules.ts";
import { secretRules } from "./rules/secret-rules.ts";
import { stackRules } from "./stack-rules.ts";

export const controls: readonly Control[] = [
  ...networkRules,
  ...databaseRules,
  ...redisRules,
  ...secretRules,
  ...containerRules,
  ...loadBalancerRules,
  ...iamRules,
  ...logRules,
  ...bucketRules,
];

/** All policies of the pack: rules for single resources and rules for whole stacks. */
export const policies: Policies = [...controls.map(policyOf), ...stackRules];
