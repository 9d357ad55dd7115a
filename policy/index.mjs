/** The policy pack: every rule of `rules/`. Run by `rollout policy`, or with `--policy-pack policy` on any layer. */
import { PolicyPack } from "@pulumi/policy";
import { policies } from "./policies.ts";

new PolicyPack("proliferate-infra", { policies: [...policies], enforcementLevel: "mandatory" });
