import { expect } from "chai";
import fc from "fast-check";
import { settingOf, keysOf } from "@proliferate-infra/shared/settings/catalog";
import { layerNames } from "@proliferate-infra/shared/layers";
import { readEnvFile } from "@proliferate-infra/orchestrator/commands/configure/env-file";

const PEM = "-----BEGIN RSA PRIVATE KEY-----\nTUlJRXBBSUJBQUtDQVFF\n-----END RSA PRIVATE KEY-----";

describe("an answers file", () => {
  it("is read by variables and by keys' names, with comments, quotes and several lines", () => {
    const { values, ignored, empty, contradictions } = readEnvFile(
      [
        "# settings",
        "NEXT_PUBLIC_APP_URL=https://app.example.com   # where people go",
        "export resourcePrefix='abc'",
        `GITHUB_APP_PRIVATE_KEY="${PEM}"`,
        "NODE_ENV=production",
        "E2B_DOMAIN=",
        "aws:region=eu-west-1",
      ].join("\n"),
    );
    expect(Object.fromEntries(values)).to.include({
      appUrl: "https://app.example.com",
      resourcePrefix: "abc",
      githubAppPrivateKey: PEM,
    });
    expect(ignored).to.include("NODE_ENV");
    expect(empty).to.deep.equal(["E2B_DOMAIN"]);
    expect(contradictions).to.deep.equal([]);
  });

  it("may have one key twice with equal values, as services do", () => {
    const same = readEnvFile(
      "LITELLM_MASTER_KEY=sk-0123456789abcdef0123\nLLM_PROXY_MASTER_KEY=sk-0123456789abcdef0123",
    );
    expect(same.values.get("llmProxyMasterKey")).to.equal("sk-0123456789abcdef0123");
    expect(same.contradictions).to.deep.equal([]);
    const different = readEnvFile("LITELLM_MASTER_KEY=sk-one-canary\nLLM_PROXY_MASTER_KEY=sk-two-canary");
    expect(different.contradictions).to.deep.equal([
      "LITELLM_MASTER_KEY and LLM_PROXY_MASTER_KEY give llmProxyMasterKey different values",
    ]);
  });

  it("reads every text in single quotes that contains none", () => {
    const text = fc.string({ minLength: 1, unit: "grapheme-ascii" }).filter((value) => !/'|^\s|\s$/.test(value));
    fc.assert(
      fc.property(text, (value) => {
        expect(readEnvFile(`ANTHROPIC_API_KEY='${value}'`).values.get("anthropicApiKey")).to.equal(value);
      }),
    );
  });

  it("is unambiguous: no two keys share a variable", () => {
    const keys = new Set(layerNames.flatMap((layer) => keysOf(layer)));
    const variables = [...keys].map((key) => settingOf(key).variable).filter((name) => name !== undefined);
    expect(new Set(variables).size).to.equal(variables.length);
  });
});
