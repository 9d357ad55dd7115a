/** Everything the other way round: no RDS, no proxy, Modal, integrations, a domain, self-hosted, single-node Redis. */
import { expect } from "chai";
import { ACMClient, DescribeCertificateCommand, ListCertificatesCommand } from "@aws-sdk/client-acm";
import {
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import {
  CreateHostedZoneCommand,
  ListResourceRecordSetsCommand,
  ChangeResourceRecordSetsCommand,
  Route53Client,
  type ResourceRecordSet,
} from "@aws-sdk/client-route-53";
import { GetSecretValueCommand, ListSecretsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { clientOptions } from "@proliferate-infra/orchestrator/commands/local/variables";
import { layerNames } from "@proliferate-infra/shared/layers";
import { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";
import { databaseOverride, smallEnvironment } from "@proliferate-infra/testing/small-environment";
import { using } from "./emulator-client.ts";
import { findTypes } from "./findable.ts";
import { leftOnAws } from "./left-on-aws.ts";
import { expectRulesKept } from "./kept-rules.ts";
import { stepsBuildOnEachOther } from "./steps.ts";

const MINUTES = 60_000;
const DOMAIN = "gateway.other.example.com";

/** A line of `pulumi preview --json`. */
interface PreviewStep {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

describe("the other variant on the engine", function () {
  this.timeout(20 * MINUTES);
  stepsBuildOnEachOther();
  let environment: EngineEnvironment;
  let zoneId: string;
  before(async () => {
    environment = await EngineEnvironment.start("dev-other", smallEnvironment);
    zoneId = await createZone("other.example.com");
    environment.configure("services", "proliferate-services:hostedZoneId", zoneId);
    environment.configure("services", "proliferate-services:gatewayDomain", DOMAIN);
    environment.configure("network", "proliferate-network:gatewayPort", "9000");
  });
  after(() => environment.dispose());

  const createZone = (Name: string) =>
    using(Route53Client, environment, async (route53) => {
      const { HostedZone: zone } = await route53.send(new CreateHostedZoneCommand({ Name, CallerReference: Name }));
      return zone?.Id?.replace("/hostedzone/", "") ?? "";
    });
  /** What the zone's owner did not make: without the records that every zone has. */
  const recordsOfTheZone = () =>
    using(Route53Client, environment, async (route53): Promise<readonly ResourceRecordSet[]> => {
      const { ResourceRecordSets: records = [] } = await route53.send(
        new ListResourceRecordSetsCommand({ HostedZoneId: zoneId }),
      );
      return records.filter(({ Type }) => Type !== "NS" && Type !== "SOA");
    });
  const certificates = () =>
    using(ACMClient, environment, async (acm) => {
      const { CertificateSummaryList: all = [] } = await acm.send(new ListCertificatesCommand({}));
      return all.map(({ CertificateArn }) => CertificateArn);
    });

  it("is refused before anything is touched while the domain has a record of another system", async () => {
    const before: ResourceRecordSet = { Name: DOMAIN, Type: "A", TTL: 60, ResourceRecords: [{ Value: "192.0.2.1" }] };
    const ChangeBatch = { Changes: [{ Action: "CREATE" as const, ResourceRecordSet: before }] };
    await using(Route53Client, environment, (route53) =>
      route53.send(new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch })),
    );
    const { exitCode, stderr } = await environment.rollout("up", "--yes");
    expect(exitCode).to.equal(3);
    expect(stderr).to.contain("A to 192.0.2.1").and.to.contain("replaceDnsRecords=true");
    expect(await leftOnAws(environment)).to.deep.equal([]);
    environment.configure("services", "proliferate-services:replaceDnsRecords", "true");
    environment.configure("services", "proliferate-services:gatewayImageTag", "g1");
  });

  it("is deployed, without database and proxy", async () => {
    const report = await environment.report("up");
    expect(report.exitCode, environment.printed.join("\n")).to.equal(0);
    const [, data, , services] = report.layers;
    expect(data?.outputs).to.include({ databaseEndpoint: "db.example.com", databasePort: 6543 });
    expect(services?.outputs.gatewayUrl).to.equal(`https://${DOMAIN}`);
    expect(services?.outputs).not.to.have.any.keys("llmProxyUrl", "llmProxyRepositoryUrl", "llmProxyServiceName");
    expect(await environment.stateOf("data")).not.to.contain("aws:rds/");
  });

  it("has TLS with its own certificate on the gateway's load balancer, and a redirect from 80", async () => {
    const listeners = await using(ElasticLoadBalancingV2Client, environment, async (elb) => {
      const { LoadBalancers: balancers = [] } = await elb.send(new DescribeLoadBalancersCommand({}));
      expect(balancers).to.have.length(1);
      const LoadBalancerArn = balancers[0]?.LoadBalancerArn;
      const { Listeners: found = [] } = await elb.send(new DescribeListenersCommand({ LoadBalancerArn }));
      return found;
    });
    const shown = listeners.map(
      ({ Port, Protocol, DefaultActions }) => `${Protocol} ${Port} ${DefaultActions?.[0]?.Type}`,
    );
    expect(shown).to.have.members(["HTTP 80 redirect", "HTTPS 443 forward"]);
    const https = listeners.find(({ Port }) => Port === 443);
    expect(https?.SslPolicy).to.match(/TLS13-1-2/);
    expect(https?.Certificates?.map(({ CertificateArn }) => CertificateArn)).to.deep.equal(await certificates());
  });

  it("has services on the port that only network's settings have", async () => {
    const groups = await using(ElasticLoadBalancingV2Client, environment, async (elb) => {
      const { TargetGroups: found = [] } = await elb.send(new DescribeTargetGroupsCommand({}));
      return found.map(({ Port }) => Port);
    });
    expect(groups).to.deep.equal([9000]);
    expect(environment.configurationFiles().filter((text) => text.includes("gatewayPort"))).to.have.length(1);
  });

  it("has the validation records and the records to the load balancer", async () => {
    const [certificateArn] = await certificates();
    const proof = await using(ACMClient, environment, async (acm) => {
      const { Certificate } = await acm.send(new DescribeCertificateCommand({ CertificateArn: certificateArn }));
      return Certificate?.DomainValidationOptions?.[0]?.ResourceRecord;
    });
    const records = await recordsOfTheZone();
    const cname = records.find(({ Type }) => Type === "CNAME");
    expect(cname?.ResourceRecords).to.deep.equal([{ Value: proof?.Value }]);
    const alias = records.find(({ Type }) => Type === "A");
    expect(alias?.Name).to.equal(`${DOMAIN}.`);
    expect(alias?.AliasTarget?.DNSName).to.match(/elb/);
    expect(records).to.have.length(2);
  });

  it("has a certificate and records that are found at AWS by what they were created with", async () => {
    expect(await findTypes(environment)).to.include.members([
      "aws:acm/certificate:Certificate",
      "aws:route53/record:Record",
      "aws:elasticache/cluster:Cluster",
    ]);
  });

  it("has the secrets of Modal and integrations, and the unchanged override URL", async () => {
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

  it("follows every rule of the policy pack", () => expectRulesKept(environment));

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
    expect([await certificates(), await recordsOfTheZone()]).to.deep.equal([[], []]);
  });
});
