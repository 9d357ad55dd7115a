import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { capturedRejections } from "@proliferate-infra/testing/captured-rejections";
import { isSecret, valueOf, type Recording } from "@proliferate-infra/testing/recording-mocks";
import { sampleValues, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { recordSecrets, VERSION } from "./recorded-secrets.ts";

const SECRET = "aws:secretsmanager/secret:Secret";

/** Content of a service's secret. Mocks get secret inputs as they go over the wire: wrapped. */
function payloadOf(recording: Recording, service: string): Record<string, string> {
  const { secretString } = recording.only(VERSION, `${service}-secret-version`).inputs;
  return JSON.parse(pulumi.runtime.unwrapRpcSecret(secretString) as string) as Record<string, string>;
}

const cloudWithE2b = {
  SERVICE_TO_SERVICE_AUTH_TOKEN: sampleValues.serviceAuthToken,
  USER_SECRETS_ENCRYPTION_KEY: sampleValues.userSecretsEncryptionKey,
  ANTHROPIC_API_KEY: sampleValues.anthropicApiKey,
  BETTER_AUTH_SECRET: sampleValues.betterAuthSecret,
  GATEWAY_JWT_SECRET: sampleValues.gatewayJwtSecret,
  GITHUB_APP_PRIVATE_KEY: sampleValues.githubAppPrivateKey,
  GITHUB_APP_WEBHOOK_SECRET: sampleValues.githubAppWebhookSecret,
  BILLING_JWT_SECRET: sampleValues.billingJwtSecret,
  AUTUMN_API_KEY: sampleValues.autumnApiKey,
  RESEND_API_KEY: sampleValues.resendApiKey,
  E2B_API_KEY: sampleValues.e2bApiKey,
  LLM_PROXY_MASTER_KEY: sampleValues.llmProxyMasterKey,
  DATABASE_URL: "postgresql://proliferate:p%25w@db.example.internal:5432/proliferate?sslmode=require",
};

describe("the secrets layer", () => {
  it("creates one secret per service with the service's name", async () => {
    const { recording } = await recordSecrets();
    expect(recording.all(SECRET).map(({ inputs }) => inputs.name)).to.deep.equal([
      "proliferate-gateway",
      "proliferate-llm-proxy",
      "proliferate-worker",
    ]);
    const staging = await recordSecrets({ resourcePrefix: "proliferate-staging" });
    expect(staging.recording.only(SECRET, "gateway-secret").inputs.name).to.equal("proliferate-staging-gateway");
  });

  it("stores each version in its own secret", async () => {
    const { recording } = await recordSecrets();
    for (const service of ["gateway", "llm-proxy", "worker"]) {
      const { secretId } = recording.only(VERSION, `${service}-secret-version`).inputs;
      expect(secretId).to.equal(`${service}-secret-id`);
    }
  });

  it("gives gateway and worker all common keys", async () => {
    const { recording } = await recordSecrets();
    expect(payloadOf(recording, "gateway")).to.deep.equal(cloudWithE2b);
    expect(payloadOf(recording, "worker")).to.deep.equal(cloudWithE2b);
  });

  it("gives the llm-proxy only its own keys", async () => {
    const { recording } = await recordSecrets({ extraSecrets: '{"MORE":"1"}' });
    expect(payloadOf(recording, "llm-proxy")).to.deep.equal({
      ANTHROPIC_API_KEY: sampleValues.anthropicApiKey,
      DATABASE_URL: "postgresql://proliferate:p%25w@db.example.internal:5432/proliferate?sslmode=require",
      LITELLM_MASTER_KEY: sampleValues.llmProxyMasterKey,
    });
  });

  const conditional: readonly [string, SampleChanges, Record<string, string>, readonly string[]][] = [
    [
      "Modal instead of E2B",
      { defaultSandboxProvider: "modal", e2bApiKey: undefined, modalTokenId: "id", modalTokenSecret: "token" },
      { MODAL_TOKEN_ID: "id", MODAL_TOKEN_SECRET: "token" },
      ["E2B_API_KEY"],
    ],
    ["integrations", { integrationsEnabled: "true", nangoSecretKey: "nango" }, { NANGO_SECRET_KEY: "nango" }, []],
    [
      "profile self_host",
      {
        deploymentProfile: "self_host",
        billingJwtSecret: undefined,
        autumnApiKey: undefined,
        resendApiKey: undefined,
      },
      {},
      ["BILLING_JWT_SECRET", "AUTUMN_API_KEY", "RESEND_API_KEY"],
    ],
    [
      "an object store's keys",
      { s3AccessKey: "access", s3SecretKey: "hidden" },
      { S3_ACCESS_KEY: "access", S3_SECRET_KEY: "hidden" },
      [],
    ],
    ["extra secrets", { extraSecrets: '{"SENTRY_DSN":"dsn"}' }, { SENTRY_DSN: "dsn" }, []],
  ];
  for (const [what, changes, added, missing] of conditional) {
    it(`follows ${what}`, async () => {
      const { recording, result } = await recordSecrets(changes);
      const expected = Object.fromEntries(
        Object.entries({ ...cloudWithE2b, ...added }).filter(([name]) => !missing.includes(name)),
      );
      expect(payloadOf(recording, "gateway")).to.deep.equal(expected);
      expect(payloadOf(recording, "worker")).to.deep.equal(expected);
      expect(await valueOf(result.workerSecretKeys)).to.deep.equal(Object.keys(expected).sort());
    });
  }

  it("leaves out the proxy's secrets when it is off, even configured ones", async () => {
    const { recording, result } = await recordSecrets({ enableLlmProxy: "false" });
    expect(recording.all(SECRET).map(({ name }) => name)).to.deep.equal(["gateway-secret", "worker-secret"]);
    expect(payloadOf(recording, "gateway")).not.to.have.property("LLM_PROXY_MASTER_KEY");
    expect(await valueOf(result.gatewaySecretKeys)).not.to.include("LLM_PROXY_MASTER_KEY");
    expect(Object.keys(result).filter((key) => key.startsWith("llmProxy"))).to.deep.equal([]);
  });

  it("includes the Redis URL when it has a token", async () => {
    const redisUrl = "rediss://:token@redis.example.internal:6379";
    const { recording, result } = await recordSecrets(
      {},
      { redisUrl: pulumi.secret(redisUrl), redisUrlIsSecret: true },
    );
    expect(payloadOf(recording, "gateway")).to.include({ REDIS_URL: redisUrl });
    expect(payloadOf(recording, "worker")).to.include({ REDIS_URL: redisUrl });
    expect(payloadOf(recording, "llm-proxy")).not.to.have.property("REDIS_URL");
    expect(await valueOf(result.gatewaySecretKeys)).to.include("REDIS_URL");
  });

  it("verifies the database's certificate when it is configured", async () => {
    const drivers = [
      ["postgres.js", { sslmode: "verify-full" }],
      ["node-postgres", { sslmode: "verify-full", sslrootcert: "/rds.pem" }],
    ] as const;
    for (const [applicationDatabaseDriver, expected] of drivers) {
      const changes = { applicationDatabaseDriver, databaseTlsVerification: "full", databaseCaBundlePath: "/rds.pem" };
      const { recording } = await recordSecrets(changes);
      const parameters = (service: string) =>
        Object.fromEntries(new URL(payloadOf(recording, service).DATABASE_URL ?? "").searchParams);
      expect(parameters("gateway")).to.deep.equal(expected);
      expect(parameters("worker")).to.deep.equal(expected);
      expect(parameters("llm-proxy")).to.deep.equal({
        sslmode: "require",
        sslaccept: "strict",
        sslcert: "/rds.pem",
      });
    }
  });

  it("does not change an override URL with parameters", async () => {
    const databaseUrl = "postgres://app:pw@db.example.com/app?sslmode=disable";
    const { recording } = await recordSecrets({}, { databaseUrl });
    expect(payloadOf(recording, "gateway").DATABASE_URL).to.equal(databaseUrl);
    expect(payloadOf(recording, "llm-proxy").DATABASE_URL).to.equal(databaseUrl);
  });

  it("writes payloads with sorted keys", async () => {
    const { recording } = await recordSecrets();
    const keys = Object.keys(payloadOf(recording, "gateway"));
    expect(keys).to.deep.equal([...keys].sort());
  });

  it("refuses an extra secret with a name that is in use, and says how to fix it", async () => {
    const [message, ...others] = await capturedRejections(() =>
      recordSecrets({ extraSecrets: '{"DATABASE_URL":"canary-value"}' }),
    );
    expect(others).to.deep.equal([]);
    expect(message).to.contain(
      "extraSecrets must not set DATABASE_URL: other settings of this layer do.\n" +
        "  pulumi config set proliferate-secrets:extraSecrets --secret --stack prod --cwd stacks/secrets",
    );
    expect(message).not.to.contain("canary-value");
  });

  it("exports ARNs and names of secrets, no secret values", async () => {
    const { result } = await recordSecrets();
    expect(await valueOf(result.gatewaySecretArn)).to.match(/:gateway-secret$/);
    expect(await valueOf(result.workerSecretArn)).to.match(/:worker-secret$/);
    expect(await valueOf(result.llmProxySecretArn ?? "")).to.match(/:llm-proxy-secret$/);
    expect(await valueOf(result.gatewaySecretVersionId)).to.equal("version-of-gateway-secret-id");
    expect(await valueOf(result.workerSecretVersionId)).to.equal("version-of-worker-secret-id");
    expect(await valueOf(result.llmProxySecretVersionId ?? "")).to.equal("version-of-llm-proxy-secret-id");
    expect(await valueOf(result.gatewaySecretKeys)).to.deep.equal(Object.keys(cloudWithE2b).sort());
    expect(await valueOf(result.llmProxySecretKeys ?? [])).to.deep.equal([
      "ANTHROPIC_API_KEY",
      "DATABASE_URL",
      "LITELLM_MASTER_KEY",
    ]);
    for (const [key, output] of Object.entries(result)) {
      expect(await isSecret(output), `${key} is plain`).to.equal(false);
    }
  });

  it("keeps payloads secret", async () => {
    const { recording } = await recordSecrets();
    for (const { inputs, name } of recording.all(VERSION)) {
      expect(pulumi.runtime.isRpcSecret(inputs.secretString), `content of ${name} is secret`).to.equal(true);
    }
  });

  const recovery: readonly [string, SampleChanges, string, number][] = [
    ["7 days in a protected environment", {}, "prod", 7],
    ["none where protection is off", {}, "local", 0],
    ["as many days as configured", { secretRecoveryWindowDays: "30" }, "prod", 30],
  ];
  for (const [what, changes, stack, days] of recovery) {
    it(`keeps deleted secrets for ${what}`, async () => {
      const { recording } = await recordSecrets(changes, {}, stack);
      expect(recording.all(SECRET).map(({ inputs }) => inputs.recoveryWindowInDays)).to.deep.equal([days, days, days]);
    });
  }

  it("protects the secrets but not their versions, which every new value replaces", async () => {
    const { recording } = await recordSecrets();
    for (const service of ["gateway", "worker", "llm-proxy"]) {
      expect(recording.options.get(`${service}-secret`)?.protect).to.equal(true);
      expect(recording.options.get(`${service}-secret-version`)?.protect).not.to.equal(true);
    }
    const local = await recordSecrets({}, {}, "local");
    expect(local.recording.options.get("gateway-secret")?.protect).to.equal(false);
  });

  it("never uses the default provider", async () => {
    const { recording } = await recordSecrets();
    const ofAws = recording.resources.filter(({ type }) => type.startsWith("aws:"));
    expect(ofAws).to.have.length(6);
    for (const { name, provider } of ofAws) {
      expect(provider, name).to.contain("pulumi:providers:aws::aws::");
    }
  });

  it("encrypts with your own key if one is set", async () => {
    const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b-2c3d";
    for (const { inputs } of (await recordSecrets({ kmsKeyArn })).recording.all(SECRET)) {
      expect(inputs.kmsKeyId).to.equal(kmsKeyArn);
    }
    for (const { inputs } of (await recordSecrets()).recording.all(SECRET)) {
      expect(inputs).not.to.have.property("kmsKeyId");
    }
  });
});
