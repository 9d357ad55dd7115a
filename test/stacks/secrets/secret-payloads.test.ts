import { expect } from "chai";
import fc from "fast-check";
import {
  applicationPayload,
  llmProxyPayload,
  payloadKeys,
  renderPayload,
  type ExtraSecrets,
  type PayloadSources,
} from "proliferate-secrets/secret-payloads.ts";

const sources: PayloadSources = {
  variables: { ANTHROPIC_API_KEY: "anthropic", LLM_PROXY_MASTER_KEY: "sk-master", BETTER_AUTH_SECRET: "auth" },
  applicationDatabaseDriver: "postgres.js",
  databaseUrl: "postgresql://app:pw@db:5432/app",
  caBundlePath: undefined,
  redisUrl: undefined,
  stack: "prod",
  extra: {},
};

const withExtra = (extra: ExtraSecrets) => ({ ...sources, extra });

describe("secret payloads", () => {
  it("give gateway and worker the settings' variables and the database", () => {
    expect(applicationPayload(sources, "gateway")).to.deep.equal({
      ...sources.variables,
      DATABASE_URL: "postgresql://app:pw@db:5432/app?sslmode=require",
    });
  });

  it("give the llm-proxy its three variables only, under its own names", () => {
    expect(llmProxyPayload({ ...withExtra({ extraSecrets: { MORE: "1" } }), redisUrl: "redis://r" })).to.deep.equal({
      ANTHROPIC_API_KEY: "anthropic",
      DATABASE_URL: "postgresql://app:pw@db:5432/app?sslmode=require",
      LITELLM_MASTER_KEY: "sk-master",
    });
  });

  it("verify the database's certificate with each driver's parameters", () => {
    const verified = { ...sources, caBundlePath: "/rds.pem" };
    expect(applicationPayload(verified, "gateway").DATABASE_URL).to.match(/\?sslmode=verify-full$/);
    const nodePostgres = applicationPayload({ ...verified, applicationDatabaseDriver: "node-postgres" }, "gateway");
    expect(nodePostgres.DATABASE_URL).to.match(/\?sslmode=verify-full&sslrootcert=%2Frds.pem$/);
    expect(llmProxyPayload(verified).DATABASE_URL).to.match(/\?sslmode=require&sslaccept=strict&sslcert=%2Frds.pem$/);
  });

  it("leave out keys without a value", () => {
    expect(payloadKeys(llmProxyPayload({ ...sources, variables: {} }))).to.deep.equal(["DATABASE_URL"]);
    expect(applicationPayload(sources, "gateway")).not.to.have.property("REDIS_URL");
    expect(applicationPayload({ ...sources, redisUrl: "rediss://:t@r" }, "gateway")).to.include({
      REDIS_URL: "rediss://:t@r",
    });
  });

  it("include extra secrets, but not with a name that is in use", () => {
    expect(applicationPayload(withExtra({ extraSecrets: { MORE: "1" } }), "gateway")).to.include({ MORE: "1" });
    const clash = withExtra({ extraSecrets: { DATABASE_URL: "canary", ANTHROPIC_API_KEY: "canary", OK: "1" } });
    expect(() => applicationPayload(clash, "gateway")).to.throw(
      "extraSecrets must not set ANTHROPIC_API_KEY, DATABASE_URL: other settings of this layer do.",
    );
  });

  it("include extra secrets of one service, which override those of both", () => {
    const extra = withExtra({
      extraSecrets: { MORE: "both", COMMON: "1" },
      gatewayExtraSecrets: { MORE: "gateway" },
      llmProxyExtraSecrets: { LITELLM_SALT_KEY: "salt" },
    });
    expect(applicationPayload(extra, "gateway")).to.include({ MORE: "gateway", COMMON: "1" });
    expect(applicationPayload(extra, "worker")).to.include({ MORE: "both", COMMON: "1" });
    expect(llmProxyPayload(extra)).to.include({ LITELLM_SALT_KEY: "salt" }).and.not.to.have.any.keys("MORE", "COMMON");
    for (const [service, key] of [
      ["gateway", "gatewayExtraSecrets"],
      ["worker", "workerExtraSecrets"],
    ] as const) {
      const clash = withExtra({ [key]: { DATABASE_URL: "canary" } });
      expect(() => applicationPayload(clash, service)).to.throw(`${key} must not set DATABASE_URL`);
    }
    const clash = withExtra({ llmProxyExtraSecrets: { LITELLM_MASTER_KEY: "canary" } });
    expect(() => llmProxyPayload(clash)).to.throw("llmProxyExtraSecrets must not set LITELLM_MASTER_KEY");
  });

  it("are equal for any order, with unchanged values", () => {
    const payload = fc.dictionary(fc.stringMatching(/^[A-Z][A-Z0-9_]{0,10}$/), fc.string(), { noNullPrototype: true });
    fc.assert(
      fc.property(payload, (variables) => {
        const reversed = Object.fromEntries(Object.entries(variables).reverse());
        expect(renderPayload(reversed)).to.equal(renderPayload(variables));
        expect(JSON.parse(renderPayload(variables))).to.deep.equal(variables);
        expect(Object.keys(JSON.parse(renderPayload(variables)) as object)).to.deep.equal(payloadKeys(variables));
      }),
    );
  });

  it("is refused where Secrets Manager does not store it, without its content", () => {
    const room = 65_536 - renderPayload({ A: "" }).length;
    expect(renderPayload({ A: "ä".repeat(room / 2) })).to.have.length.lessThan(65_536);
    expect(() => renderPayload({ A: "ä".repeat(room / 2 + 1) })).to.throw(/65\d{3} bytes.*65536/);
  });
});
