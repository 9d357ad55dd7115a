/** Starts the policy pack. `rollout policy` runs it; so does `--policy-pack policy` on any layer. */
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

new PolicyPack("proliferate-infra", { policies: [...policies], enforcementLevel: "mandatory" });
