import { expect } from "chai";
import { mockedId, type Recording } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { idOf, recordNetwork } from "./recorded-network.ts";

async function rulesWith(changes: SampleChanges = {}): Promise<{ recording: Recording; table: string[] }> {
  const { recording } = await recordNetwork(changes);
  return { recording, table: [...tableOf(recording, "Ingress"), ...tableOf(recording, "Egress")].sort() };
}

/** Rules as lines such as "redis <- gateway-task tcp 6379". */
function tableOf(recording: Recording, direction: "Ingress" | "Egress"): string[] {
  const groups = recording.all("aws:ec2/securityGroup:SecurityGroup");
  const names = new Map(groups.map(({ type, name }) => [mockedId(type, name), name]));
  const ruleType = `aws:vpc/securityGroup${direction}Rule:SecurityGroup${direction}Rule`;
  return recording.all(ruleType).map(({ inputs }) => {
    const { securityGroupId, referencedSecurityGroupId, cidrIpv4, ipProtocol, fromPort, toPort } = inputs as Record<
      string,
      string
    >;
    const other = cidrIpv4 ?? names.get(referencedSecurityGroupId ?? "");
    const ports = ipProtocol === "-1" ? "all" : `tcp ${fromPort === toPort ? fromPort : `${fromPort}-${toPort}`}`;
    return `${names.get(securityGroupId ?? "")} ${direction === "Ingress" ? "<-" : "->"} ${other} ${ports}`;
  });
}

const gatewayAndWorker = [
  "database <- gateway-task tcp 5432",
  "database <- worker-task tcp 5432",
  "gateway-alb -> gateway-task tcp 8787",
  "gateway-alb <- 0.0.0.0/0 tcp 443",
  "gateway-alb <- 0.0.0.0/0 tcp 80",
  "gateway-task -> 0.0.0.0/0 all",
  "gateway-task <- gateway-alb tcp 8787",
  "redis <- gateway-task tcp 6379",
  "redis <- worker-task tcp 6379",
  "worker-task -> 0.0.0.0/0 all",
];
const llmProxy = [
  "database <- llm-proxy-task tcp 5432",
  "llm-proxy-alb -> llm-proxy-task tcp 4000",
  "llm-proxy-alb <- 0.0.0.0/0 tcp 443",
  "llm-proxy-alb <- 0.0.0.0/0 tcp 80",
  "llm-proxy-task -> 0.0.0.0/0 all",
  "llm-proxy-task <- llm-proxy-alb tcp 4000",
  "redis <- llm-proxy-task tcp 6379",
];

describe("security groups", () => {
  it("allow exactly these connections", async () => {
    expect((await rulesWith()).table).to.deep.equal([...gatewayAndWorker, ...llmProxy].sort());
  });

  it("have nothing of the proxy when it is off", async () => {
    const { recording, table } = await rulesWith({ enableLlmProxy: "false" });
    expect(table).to.deep.equal(gatewayAndWorker);
    expect(recording.resources.filter(({ name }) => name.includes("llm-proxy"))).to.deep.equal([]);
  });

  it("follow the configured ports", async () => {
    const { table } = await rulesWith({ gatewayPort: "9000", llmProxyPort: "5000" });
    expect(table).to.include.members([
      "gateway-task <- gateway-alb tcp 9000",
      "llm-proxy-alb -> llm-proxy-task tcp 5000",
    ]);
    expect(table.filter((line) => /8787|4000/.test(line))).to.deep.equal([]);
  });

  it("allow the configured ranges to reach only Postgres", async () => {
    const { table } = await rulesWith({ dbAllowedCidrs: "192.0.2.0/24,198.51.100.7/32" });
    expect(table.filter((line) => /192|198/.test(line))).to.deep.equal([
      "database <- 192.0.2.0/24 tcp 5432",
      "database <- 198.51.100.7/32 tcp 5432",
    ]);
  });

  it("keep the names of rules and the descriptions of groups, whose change would make AWS refuse or replace them", async () => {
    const { recording } = await rulesWith({ dbAllowedCidrs: "192.0.2.0/24" });
    const rules = recording.resources.filter(({ type }) => type.startsWith("aws:vpc/"));
    expect(rules.map(({ name }) => name).sort()).to.deep.equal([
      "database-from-192.0.2.0-24-5432",
      "database-from-gateway-task",
      "database-from-llm-proxy-task",
      "database-from-worker-task",
      "gateway-alb-from-internet-443",
      "gateway-alb-from-internet-80",
      "gateway-alb-to-gateway-task",
      "gateway-task-from-gateway-alb",
      "gateway-task-to-anywhere",
      "llm-proxy-alb-from-internet-443",
      "llm-proxy-alb-from-internet-80",
      "llm-proxy-alb-to-llm-proxy-task",
      "llm-proxy-task-from-llm-proxy-alb",
      "llm-proxy-task-to-anywhere",
      "redis-from-gateway-task",
      "redis-from-llm-proxy-task",
      "redis-from-worker-task",
      "worker-task-to-anywhere",
    ]);
    const groups = recording.all("aws:ec2/securityGroup:SecurityGroup");
    expect(groups.map(({ inputs }) => inputs.description)).to.deep.equal([
      "Postgres",
      "Load balancer of the gateway",
      "Tasks of the gateway",
      "Load balancer of the llm-proxy",
      "Tasks of the llm-proxy",
      "Redis",
      "Tasks of the worker",
    ]);
  });

  it("describe every group and rule, and have no inline rules", async () => {
    const { recording } = await rulesWith({ dbAllowedCidrs: "192.0.2.0/24", enableInterfaceEndpoints: "true" });
    const described = recording.resources.filter(
      ({ type }) => /securityGroup/i.test(type) && !type.includes("default"),
    );
    expect(described.length).to.be.greaterThan(20);
    for (const { name, inputs } of described) {
      // The SDK fills in "Managed by Pulumi" where nothing is said.
      expect(inputs.description, name).to.match(/^(?!Managed by).{4,}/);
      expect(inputs, name).not.to.have.any.keys("ingress", "egress");
    }
  });

  it("are in the VPC, with names that AWS does not reserve", async () => {
    const { recording } = await rulesWith();
    const groups = recording.all("aws:ec2/securityGroup:SecurityGroup");
    expect(groups.map(({ inputs }) => [inputs.name, inputs.vpcId])).to.deep.equal(
      groups.map(({ name }) => [`proliferate-${name}`, idOf(recording, "vpc")]),
    );
    expect(groups).to.have.length(7);
  });
});
