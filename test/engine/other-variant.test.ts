/** Everything the other way round: no RDS, no proxy, Modal, integrations, certificates, self-hosted, single-node Redis. */
import { expect } from "chai";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "@proliferate-infra/rollout/local/emulated-clients";
import { layerNames } from "@proliferate-infra/shared/layers";
import { EngineEnvironment } from "../support/engine-environment.ts";
import { databaseOverride, smallEnvironment } from "../support/small-environment.ts";
import { leftOnAws } from "./left-on-aws.ts";
import type { SampleChanges } from "../support/sample-configuration.ts";

const MINUTES = 60_000;
const settings: SampleChanges = {
  ...smallEnvironment,
  gatewayCertificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/12345678-1234-1234-1234-123456789012",
};

/** A line of `pulumi preview --json`. */
interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

describe("the other variant on the engine", function () {
  this.timeout(20 * MINUTES);
  let environment: EngineEnvironment;
  before(async () => {
    environment = await EngineEnvironment.start("dev-other", settings);
  });
  after(() => environment.dispose());

  it("is deployed, without database and proxy", async () => {
    const report = await environment.report("up");
    expect(report.exitCode, environment.printed.join("\n")).to.equal(0);
    const [, data, , services] = report.layers;
    expect(data?.outputs).to.include({ databaseEndpoint: "db.example.com", databasePort: 6543 });
    expect(services?.outputs.gatewayUrl).to.match(/^https:\/\//);
    expect(services?.outputs).not.to.have.any.keys("llmProxyUrl", "llmProxyRepositoryUrl", "llmProxyServiceName");
    expect(await environment.stateOf("data")).not.to.contain("aws:rds/");
  });

  it("has TLS on the gateway's load balancer and a redirect from 80", async () => {
    const elb = new ElasticLoadBalancingV2Client(clientOptions(environment.endpoint));
    const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
    expect(balancers).to.have.length(1);
    const LoadBalancerArn = balancers[0]?.LoadBalancerArn;
    const { Listeners: listeners = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
    elb.destroy();
    const shown = listeners.map(
      ({ Port, Protocol, DefaultActions }) => `${Protocol} ${Port} ${DefaultActions?.[0]?.Type}`,
    );
    expect(shown).to.have.members(["HTTP 80 redirect", "HTTPS 443 forward"]);
    expect(listeners.find(({ Port }) => Port === 443)?.SslPolicy).to.match(/TLS13-1-2/);
  });

  it("has the secrets of Modal and integrations, and the override as it is", async () => {
    const client = new SecretsManagerClient(clientOptions(environment.endpoint));
    const { SecretList: secrets = [] } = await client.send(new ListSecretsCommand({}));
    expect(secrets.map(({ Name }) => Name)).to.have.members(["other-gateway", "other-worker"]);
    const { SecretString } = await client.send(new GetSecretValueCommand({ SecretId: "other-worker" }));
    client.destroy();
    const payload = JSON.parse(SecretString ?? "{}") as Record<string, string>;
    expect(payload).to.include({
      DATABASE_URL: databaseOverride,
      MODAL_TOKEN_ID: "modal-id-canary",
      NANGO_SECRET_KEY: "nango-canary",
    });
    expect(payload).not.to.have.any.keys("E2B_API_KEY", "LLM_PROXY_MASTER_KEY", "BILLING_JWT_SECRET");
  });

  it("shows no difference on a second preview", async () => {
    for (const layer of layerNames) {
      const { stdout, stderr, exitCode } = await environment.pulumi(layer, "preview", "--json");
      expect(exitCode, stderr).to.equal(0);
      const { steps } = JSON.parse(stdout) as { steps: PreviewStep[] };
      const changes = steps.filter(({ op }) => op !== "same" && op !== "read");
      expect(changes.map(({ op, urn, detailedDiff }) => ({ op, urn, detailedDiff }))).to.deep.equal([]);
    }
  });

  it("keeps its secrets out of states and output", async () => {
    const places = [...(await environment.stateObjects()).values(), ...environment.printed];
    for (const canary of ["override-canary", "modal-id-canary", "modal-secret-canary", "nango-canary"]) {
      expect(places.filter((text) => text.includes(canary))).to.deep.equal([]);
    }
  });

  it("is destroyed", async () => {
    const report = await environment.report("destroy", "--confirm", "dev-other");
    expect(report.exitCode, environment.printed.at(-1)).to.equal(0);
    expect(await leftOnAws(environment)).to.deep.equal([]);
  });
});
