import { expect } from "chai";
import { valueOf } from "@proliferate-infra/testing/recording-mocks";
import { hosts, recordServices, types } from "./recorded-layer.ts";

const GATEWAY_CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0a";

describe("load balancers", () => {
  it("are in the public subnets, one for the gateway and one for the llm-proxy", async () => {
    const { recording } = await recordServices();
    const balancers = recording.all(types.loadBalancer);
    expect(balancers.map(({ name }) => name)).to.deep.equal(["proliferate-gateway", "proliferate-llm-proxy"]);
    expect(balancers.map(({ inputs }) => inputs.securityGroups)).to.deep.equal([["sg-0001"], ["sg-0003"]]);
    for (const { inputs } of balancers) {
      expect(inputs).to.deep.include({
        loadBalancerType: "application",
        internal: false,
        subnets: ["subnet-0a1", "subnet-0a2"],
        dropInvalidHeaderFields: true,
        desyncMitigationMode: "defensive",
        idleTimeout: 300,
        enableDeletionProtection: true,
      });
    }
  });

  it("have names from Pulumi with at most 32 characters, so that they can be replaced", async () => {
    const { recording } = await recordServices({ resourcePrefix: "proliferate-staging-euro" });
    for (const { name, inputs } of [...recording.all(types.loadBalancer), ...recording.all(types.targetGroup)]) {
      expect(inputs).not.to.have.any.keys("name", "namePrefix");
      expect(name).to.match(/^proliferate-stagi/);
      expect(name.length).to.be.at.most(24);
    }
  });

  it("have the configured idle timeout", async () => {
    const { recording } = await recordServices({ albIdleTimeoutSeconds: "4000" });
    for (const { inputs } of recording.all(types.loadBalancer)) {
      expect(inputs.idleTimeout).to.equal(4000);
    }
  });

  it("are not protected when protection is off", async () => {
    const { recording } = await recordServices({}, {}, "local");
    for (const { inputs, name } of recording.all(types.loadBalancer)) {
      expect(inputs.enableDeletionProtection).to.equal(false);
      expect(recording.options.get(name)?.protect).to.equal(false);
    }
    const prod = await recordServices();
    for (const { name } of prod.recording.all(types.loadBalancer)) {
      expect(prod.recording.options.get(name)?.protect).to.equal(true);
    }
  });

  const targets: readonly [string, string, number][] = [
    ["proliferate-gateway-tg", "/health", 8787],
    ["proliferate-llm-proxy-tg", "/health/liveliness", 4000],
  ];
  for (const [name, path, port] of targets) {
    it(`check ${path} on ${port}`, async () => {
      const { recording } = await recordServices();
      const { inputs } = recording.only(types.targetGroup, name);
      expect(inputs).to.deep.include({
        targetType: "ip",
        protocol: "HTTP",
        port,
        vpcId: "vpc-0a1b2c",
        deregistrationDelay: 300,
      });
      expect(inputs.healthCheck).to.deep.equal({
        protocol: "HTTP",
        path,
        matcher: "200",
        interval: 15,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 3,
      });
    });
  }

  it("reach their services on the configured ports", async () => {
    const { recording } = await recordServices({ gatewayPort: "9000", llmProxyPort: "9001" });
    expect(recording.only(types.targetGroup, "proliferate-gateway-tg").inputs.port).to.equal(9000);
    expect(recording.only(types.targetGroup, "proliferate-llm-proxy-tg").inputs.port).to.equal(9001);
  });

  it("forward plain HTTP without a certificate", async () => {
    const { recording, result } = await recordServices();
    expect(recording.all(types.listener).map(({ name }) => name)).to.deep.equal([
      "gateway-http-listener",
      "llm-proxy-http-listener",
    ]);
    for (const [service, balancer] of [
      ["gateway", "proliferate-gateway"],
      ["llm-proxy", "proliferate-llm-proxy"],
    ] as const) {
      const { inputs } = recording.only(types.listener, `${service}-http-listener`);
      expect(inputs).to.deep.include({ protocol: "HTTP", port: 80 });
      expect(inputs.loadBalancerArn).to.match(new RegExp(`:${balancer}$`));
      const [action, ...others] = inputs.defaultActions as { type: string; targetGroupArn: string }[];
      expect(others).to.deep.equal([]);
      expect(action?.type).to.equal("forward");
      expect(action?.targetGroupArn).to.match(new RegExp(`:${balancer}-tg$`));
    }
    expect(await valueOf(result.gatewayUrl)).to.equal(`http://${hosts.gateway}`);
    expect(await valueOf(result.llmProxyUrl ?? "")).to.equal(`http://${hosts.llmProxy}`);
  });

  it("use TLS 1.2 or newer with a certificate and redirect plain HTTP permanently", async () => {
    const { recording, result } = await recordServices({
      gatewayCertificateArn: GATEWAY_CERTIFICATE,
      gatewayPublicUrl: "https://gateway.example.com",
    });
    expect(recording.all(types.listener).map(({ name }) => name)).to.deep.equal([
      "gateway-http-listener",
      "gateway-https-listener",
      "llm-proxy-http-listener",
    ]);
    const { inputs: https } = recording.only(types.listener, "gateway-https-listener");
    expect(https).to.deep.include({
      protocol: "HTTPS",
      port: 443,
      certificateArn: GATEWAY_CERTIFICATE,
      sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09",
    });
    const [forward] = https.defaultActions as { type: string; targetGroupArn: string }[];
    expect(forward?.type).to.equal("forward");
    expect(forward?.targetGroupArn).to.match(/:proliferate-gateway-tg$/);
    const { inputs: http } = recording.only(types.listener, "gateway-http-listener");
    expect(http.port).to.equal(80);
    expect(http.defaultActions).to.deep.equal([
      { type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
    ]);
    expect(await valueOf(result.gatewayUrl)).to.equal("https://gateway.example.com");
    expect(await valueOf(result.llmProxyUrl ?? "")).to.equal(`http://${hosts.llmProxy}`);
  });

  it("are not used when public URLs are configured", async () => {
    const { result } = await recordServices({
      gatewayPublicUrl: "https://gateway.example.com",
      llmProxyPublicUrl: "https://llm.example.com",
    });
    expect(await valueOf(result.gatewayUrl)).to.equal("https://gateway.example.com");
    expect(await valueOf(result.llmProxyUrl ?? "")).to.equal("https://llm.example.com");
  });
});
