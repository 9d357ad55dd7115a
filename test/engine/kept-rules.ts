/**
 * Whether what an engine test has deployed keeps to the policy pack. Asked once for each kind of environment: production with replicated
 * Redis (four-layers), small with a domain (other-variant), Redis with TLS (rotate-secrets), and one with a migration.
 */
import { expect } from "chai";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";

/** Fails with the broken rules when one of the layers that are deployed breaks any. */
export async function expectRulesKept(environment: EngineEnvironment): Promise<void> {
  const { exitCode, stdout } = await environment.rollout("policy");
  expect(exitCode, stdout).to.equal(0);
  expect(stdout.match(/✔ complies with every rule/g)).to.have.length(4);
}
