/** All rules of the pack, apart from the pack itself, which starts a server when it is made. */
import type { Policies } from "@pulumi/policy";
import { policyOf, type Control } from "./control.ts";
import { containerRules } from "./rules/container-rules.ts";
import { databaseRules } from "./rules/database-rules.ts";
import { iamRules } from "./rules/iam-rules.ts";
import { loadBalancerRules } from "./rules/load-balancer-rules.ts";
import { logRules } from "./rules/log-rules.ts";
import { networkRules } from "./rules/network-rules.ts";
import { redisRules } from "./rules/redis-rules.ts";
import { secretRules } from "./rules/secret-rules.ts";
import { stackRules } from "./stack-rules.ts";

/** Controls on single resources. */
export const controls: readonly Control[] = [
  ...networkRules,
  ...databaseRules,
  ...redisRules,
  ...secretRules,
  ...containerRules,
  ...loadBalancerRules,
  ...iamRules,
  ...logRules,
];

/** Everything, as the pack takes it. */
export const policies: Policies = [...controls.map(policyOf), ...stackRules];
