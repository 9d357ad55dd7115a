import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { capturedRejections } from "@proliferate-infra/testing/captured-rejections";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { containerOf, environmentOf, hosts, recordServices, types, withoutLlmProxy } from "./recorded-layer.ts";

const cloudWithE2b = {
  AUTUMN_API_URL: "https://api.useautumn.com",
  DEFAULT_SANDBOX_PROVIDER: "e2b",
  DEPLOYMENT_PROFILE: "cloud",
  E2B_DOMAIN: "e2b.dev",
  E2B_TEMPLATE: "my-template",
  E2B_TEMPLATE_ALIAS: "base",
  EMAIL_FROM: "Proliferate <noreply@example.com>",
  GATEWAY_PORT: "8787",
  GITHUB_APP_ID: "12345",
  LLM_PROXY_URL: `http://${hosts.llmProxy}`,
  NEXT_PUBLIC_API_URL: "https://app.example.com",
  NEXT_PUBLIC_APP_URL: "https://app.example.com",
  NEXT_PUBLIC_BILLING_ENABLED: "true",
  NEXT_PUBLIC_GATEWAY_URL: `http://${hosts.gateway}`,
  NEXT_PUBLIC_GITHUB_APP_SLUG: "my-app",
  NEXT_PUBLIC_INTEGRATIONS_ENABLED: "false",
  NODE_ENV: "production",
  REDIS_URL: "redis://redis.example.internal:6379",
  S3_BUCKET: "my-proliferate-files",
  S3_REGION: "us-east-1",
  WORKER_PORT: "3002",
};

const GATEWAY_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a";
const LLM_PROXY_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0b";

const variants: readonly [string, SampleChanges, Record<string, string>, readonly string[]][] = [
  ["profile cloud with E2B", {}, {}, []],
  [
    "profile self_host",
    {
      deploymentProfile: "self_host",
      autumnApiUrl: undefined,
      emailFrom: undefined,
      s3Bucket: undefined,
    },
    { DEPLOYMENT_PROFILE: "self_host", NEXT_PUBLIC_BILLING_ENABLED: "false" },
    ["AUTUMN_API_URL", "EMAIL_FROM", "S3_BUCKET"],
  ],
  [
    "Modal",
    {
      defaultSandboxProvider: "modal",
      modalAppName: "proliferate",
      e2bDomain: undefined,
      e2bTemplate: undefined,
      e2bTemplateAlias: undefined,
    },
    { DEFAULT_SANDBOX_PROVIDER: "modal", MODAL_APP_NAME: "proliferate" },
    ["E2B_DOMAIN", "E2B_TEMPLATE", "E2B_TEMPLATE_ALIAS"],
  ],
  [
    "integrations",
    {
      integrationsEnabled: "true",
      nangoGithubIntegrationId: "github",
      nangoLinearIntegrationId: "linear",
      nangoSentryIntegrationId: "sentry",
    },
    {
      NEXT_PUBLIC_INTEGRATIONS_ENABLED: "true",
      NEXT_PUBLIC_NANGO_GITHUB_INTEGRATION_ID: "github",
      NEXT_PUBLIC_NANGO_LINEAR_INTEGRATION_ID: "linear",
      NEXT_PUBLIC_NANGO_SENTRY_INTEGRATION_ID: "sentry",
    },
    [],
  ],
  ["billing off", { billingEnabled: "false" }, { NEXT_PUBLIC_BILLING_ENABLED: "false" }, []],
  ["an API of its own", { apiUrl: "https://api.example.com" }, { NEXT_PUBLIC_API_URL: "https://api.example.com" }, []],
  [
    "an object store elsewhere",
    { s3Region: "auto", s3EndpointUrl: "https://store.example.com" },
    { S3_REGION: "auto", S3_ENDPOINT_URL: "https://store.example.com" },
    [],
  ],
  ["other ports", { gatewayPort: "9000", workerPort: "9001" }, { GATEWAY_PORT: "9000", WORKER_PORT: "9001" }, []],
  [
    "certificates",
    {
      ...{ gatewayCertificateArn: GATEWAY_CERTIFICATE, gatewayPublicUrl: "https://gateway.example.com" },
      ...{ llmProxyCertificateArn: LLM_PROXY_CERTIFICATE, llmProxyPublicUrl: "https://llm.example.com" },
    },
    { NEXT_PUBLIC_GATEWAY_URL: "https://gateway.example.com", LLM_PROXY_URL: "https://llm.example.com" },
    [],
  ],
  [
    "public URLs of its own",
    { gatewayPublicUrl: "https://gateway.example.com", llmProxyPublicUrl: "https://llm.example.com" },
    { NEXT_PUBLIC_GATEWAY_URL: "https://gateway.example.com", LLM_PROXY_URL: "https://llm.example.com" },
    [],
  ],
  [
    "full verification of the database",
    { databaseTlsVerification: "full", databaseCaBundlePath: "/rds.pem" },
    { NODE_EXTRA_CA_CERTS: "/rds.pem" },
    [],
  ],
  ["no verification, though a path is set", { databaseCaBundlePath: "/rds.pem" }, {}, []],
  ["variables of the operator", { extraEnvironment: '{"LOG_LEVEL":"debug"}' }, { LOG_LEVEL: "debug" }, []],
];

describe("environment variables", () => {
  for (const [what, changes, added, missing] of variants) {
    it(`of gateway and worker with ${what}`, async () => {
      const { recording } = await recordServices(changes);
      const expected = Object.fromEntries(
        Object.entries({ ...cloudWithE2b, ...added }).filter(([name]) => !missing.includes(name)),
      );
      expect(environmentOf(recording, "gateway")).to.deep.equal(expected);
      expect(environmentOf(recording, "worker")).to.deep.equal(expected);
    });
  }

  it("of gateway and worker without the proxy, even with a URL of it", async () => {
    const changes = { enableLlmProxy: "false", llmProxyPublicUrl: "https://llm.example.com" };
    const { recording } = await recordServices(changes, withoutLlmProxy);
    const expected = Object.entries(cloudWithE2b).filter(([name]) => name !== "LLM_PROXY_URL");
    expect(environmentOf(recording, "gateway")).to.deep.equal(Object.fromEntries(expected));
    expect(environmentOf(recording, "worker")).to.deep.equal(Object.fromEntries(expected));
  });

  it("of the llm-proxy are all in its secret", async () => {
    const { recording } = await recordServices({ extraEnvironment: '{"LOG_LEVEL":"debug"}' });
    expect(environmentOf(recording, "llm-proxy")).to.deep.equal({});
    expect(containerOf(recording, "llm-proxy").secrets.map(({ name }) => name)).to.deep.equal([
      "ANTHROPIC_API_KEY",
      "DATABASE_URL",
      "LITELLM_MASTER_KEY",
    ]);
  });

  it("are never empty", async () => {
    const { recording } = await recordServices();
    for (const { inputs } of recording.all(types.taskDefinition)) {
      expect(inputs.containerDefinitions).not.to.match(/"value":""/);
    }
  });

  it("leave out the Redis URL when the secret has it", async () => {
    const redis = { redisUrl: pulumi.secret("rediss://:token-canary@redis:6379"), redisUrlIsSecret: true };
    const keys = ["DATABASE_URL", "REDIS_URL"];
    const { recording } = await recordServices(
      {},
      { data: redis, secrets: { gatewaySecretKeys: keys, workerSecretKeys: keys } },
    );
    for (const service of ["gateway", "worker"]) {
      expect(environmentOf(recording, service)).not.to.have.property("REDIS_URL");
      expect(containerOf(recording, service).secrets.map(({ name }) => name)).to.deep.equal(keys);
    }
  });

  it("stop the deployment while no secret has the Redis URL with a token", async () => {
    const redis = { redisUrl: pulumi.secret("rediss://:token-canary@redis:6379"), redisUrlIsSecret: true };
    const messages = await capturedRejections(() => recordServices({}, { data: redis }));
    expect(messages.join()).to.contain("Deploy secrets first: scripts/deploy-all.sh --stack stack --only secrets");
    expect(messages.join()).not.to.contain("token-canary");
  });

  const taken: readonly [string, string][] = [
    ['{"GATEWAY_PORT":"1"}', "GATEWAY_PORT"],
    ['{"REDIS_URL":"redis://other","NODE_ENV":"test","FINE":"1"}', "NODE_ENV, REDIS_URL"],
    ['{"LLM_PROXY_URL":"http://other"}', "LLM_PROXY_URL"],
  ];
  for (const [extraEnvironment, names] of taken) {
    it(`of the operator must not take the place of ${names}`, async () => {
      const messages = await capturedRejections(() => recordServices({ extraEnvironment }));
      expect(messages.join()).to.equal(
        `extraEnvironment must not set ${names}: other settings of this layer do.\n` +
          "  pulumi config set proliferate-services:extraEnvironment <value> --stack prod --cwd stacks/services",
      );
    });
  }

  it("of the operator may name a proxy of its own where there is none", async () => {
    const changes = { enableLlmProxy: "false", extraEnvironment: '{"LLM_PROXY_URL":"http://other"}' };
    const { recording } = await recordServices(changes, withoutLlmProxy);
    expect(environmentOf(recording, "gateway").LLM_PROXY_URL).to.equal("http://other");
  });

  it("of the operator must not take the name of a secret", async () => {
    const messages = await capturedRejections(() => recordServices({ extraEnvironment: '{"DATABASE_URL":"x"}' }));
    expect(messages.join()).to.contain("would get DATABASE_URL both as a plain variable and from its secret");
  });

  it("of the operator for one service reach it alone, and win over those for both", async () => {
    const { recording } = await recordServices({
      extraEnvironment: '{"LOG_LEVEL":"info","BOTH":"1"}',
      workerExtraEnvironment: '{"LOG_LEVEL":"debug"}',
      llmProxyExtraEnvironment: '{"LITELLM_LOG":"DEBUG"}',
    });
    expect(environmentOf(recording, "worker")).to.include({ LOG_LEVEL: "debug", BOTH: "1" });
    expect(environmentOf(recording, "gateway")).to.include({ LOG_LEVEL: "info", BOTH: "1" });
    expect(environmentOf(recording, "llm-proxy")).to.deep.equal({ LITELLM_LOG: "DEBUG" });
  });

  it("of the operator for one service must not take the place of the layer's own, all reported at once", async () => {
    const messages = await capturedRejections(() =>
      recordServices({ gatewayExtraEnvironment: '{"GATEWAY_PORT":"1"}', llmProxyExtraEnvironment: '{"PORT":"1"}' }),
    );
    expect(messages.join()).to.contain("gatewayExtraEnvironment must not set GATEWAY_PORT");
    expect(messages.join()).to.contain("llmProxyExtraEnvironment must not set PORT");
  });

  it("set LiteLLM's port if it is not the image's default", async () => {
    const { recording } = await recordServices({ llmProxyPort: "5000" });
    expect(environmentOf(recording, "llm-proxy")).to.deep.equal({ PORT: "5000" });
    const command = ["--config", "/app/config.yaml", "--port", "5000"];
    expect(containerOf(recording, "llm-proxy")).to.deep.include({ command });
    const own = await recordServices({ llmProxyPort: "5000", llmProxyCommand: '["serve"]' });
    expect(containerOf(own.recording, "llm-proxy")).to.deep.include({ command: ["serve"] });
    const unchanged = await recordServices();
    expect(containerOf(unchanged.recording, "llm-proxy")).not.to.have.property("command");
  });
});
