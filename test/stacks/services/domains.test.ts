import { expect } from "chai";
import { keysOf } from "@proliferate-infra/shared/settings/catalog";
import { readSettings } from "@proliferate-infra/shared/settings/read-settings";
import { isSecret, valueOf } from "@proliferate-infra/testing/recording-mocks";
import { sampleConfiguration, type SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { allImages, environmentOf, hosts, logicalNames, recordServices, types } from "./recorded-layer.ts";

const CERTIFICATE = "aws:acm/certificate:Certificate";
const VALIDATION = "aws:acm/certificateValidation:CertificateValidation";
const RECORD = "aws:route53/record:Record";
const ZONE = "Z0123456789ABCDEFGHIJ";
const ISSUED = "arn:aws:acm:us-east-1:123456789012:certificate/issued";

const domains = { hostedZoneId: ZONE, gatewayDomain: "gateway.example.com", llmProxyDomain: "llm.example.com" };

/** The layer, with what ACM answers for a domain. */
const record = (changes: SampleChanges) =>
  recordServices(changes, {}, "prod", {
    [CERTIFICATE]: ({ domainName }) => ({
      domainValidationOptions: [
        {
          domainName,
          resourceRecordName: `_proof.${String(domainName)}.`,
          resourceRecordType: "CNAME",
          resourceRecordValue: `_answer-for-${String(domainName)}.`,
        },
      ],
    }),
    [VALIDATION]: { certificateArn: ISSUED },
    [RECORD]: ({ name }) => ({ fqdn: `fqdn-of-${String(name)}` }),
  });

describe("domains", () => {
  it("get certificates that the zone's records validate", async () => {
    const { recording } = await record(domains);
    expect(recording.all(CERTIFICATE).map(({ inputs }) => inputs)).to.deep.equal([
      { domainName: "gateway.example.com", validationMethod: "DNS" },
      { domainName: "llm.example.com", validationMethod: "DNS" },
    ]);
    expect(recording.only(RECORD, "gateway-certificate-record").inputs).to.deep.equal({
      zoneId: ZONE,
      name: "_proof.gateway.example.com.",
      type: "CNAME",
      records: ["_answer-for-gateway.example.com."],
      ttl: 300,
      allowOverwrite: true,
    });
    expect(recording.only(VALIDATION, "gateway-certificate-validation").inputs).to.deep.include({
      validationRecordFqdns: ["fqdn-of-_proof.gateway.example.com."],
    });
  });

  it("get a new certificate before the old one is deleted", async () => {
    const { recording } = await record(domains);
    for (const { name } of recording.all(CERTIFICATE)) {
      expect(recording.options.get(name)).not.to.have.property("deleteBeforeReplace");
    }
  });

  it("have listeners that wait until the certificate is issued", async () => {
    const { recording } = await record(domains);
    for (const service of ["gateway", "llm-proxy"]) {
      const https = recording.only(types.listener, `${service}-https-listener`);
      // The validation's ARN, not the certificate's own, which is known before it can be used.
      expect(https.inputs).to.deep.include({ port: 443, protocol: "HTTPS", certificateArn: ISSUED });
      const [action] = recording.only(types.listener, `${service}-http-listener`).inputs.defaultActions as [
        { type: string },
      ];
      expect(action.type).to.equal("redirect");
    }
  });

  it("point to the load balancers, and overwrite no other record", async () => {
    const { recording } = await record(domains);
    for (const [service, host] of [
      ["gateway", hosts.gateway],
      ["llm-proxy", hosts.llmProxy],
    ] as const) {
      const { inputs } = recording.only(RECORD, `${service}-alias-record`);
      expect(inputs).to.deep.include({ zoneId: ZONE, type: "A" });
      expect(inputs.aliases).to.deep.equal([{ name: host, zoneId: "ZALB", evaluateTargetHealth: true }]);
      expect(inputs).not.to.have.property("allowOverwrite");
    }
  });

  it("replace the records of another system when the tasks are stable, and none without tasks", async () => {
    const replacing = { ...domains, ...allImages, replaceDnsRecords: "true" };
    const { recording } = await record(replacing);
    for (const service of ["gateway", "llm-proxy"]) {
      const name = `${service}-alias-record`;
      expect(recording.only(RECORD, name).inputs).to.include({ allowOverwrite: true });
      const awaited = recording.options.get(name)?.dependsOn;
      expect(logicalNames([awaited].flat())).to.deep.equal([service]);
    }
    const { recording: waiting } = await record({ ...replacing, llmProxyImageTag: undefined });
    const names = waiting.all(RECORD).map(({ name }) => name);
    expect(names).to.include("gateway-alias-record").and.not.to.include("llm-proxy-alias-record");
  });

  it("are the public URLs, unless others are configured", async () => {
    const { result, recording } = await record({ ...domains, ...allImages });
    expect(await valueOf(result.gatewayUrl)).to.equal("https://gateway.example.com");
    expect(await valueOf(result.llmProxyUrl ?? "")).to.equal("https://llm.example.com");
    expect(await isSecret(result.gatewayUrl)).to.equal(false);
    const variables = environmentOf(recording, "worker");
    expect(variables.NEXT_PUBLIC_GATEWAY_URL).to.equal("https://gateway.example.com");
    expect(variables.LLM_PROXY_URL).to.equal("https://llm.example.com");

    const behindCdn = await record({ ...domains, gatewayPublicUrl: "https://cdn.example.com" });
    expect(await valueOf(behindCdn.result.gatewayUrl)).to.equal("https://cdn.example.com");
  });

  it("can be set for one service only", async () => {
    const { recording, result } = await record({ hostedZoneId: ZONE, gatewayDomain: "gateway.example.com" });
    expect(recording.all(CERTIFICATE)).to.have.length(1);
    expect(recording.all(types.listener).map(({ name }) => name)).not.to.include("llm-proxy-https-listener");
    expect(await valueOf(result.llmProxyUrl ?? "")).to.equal(`http://${hosts.llmProxy}`);
  });

  it("are not created when none is set", async () => {
    const { recording } = await record({ hostedZoneId: ZONE });
    expect([...recording.all(CERTIFICATE), ...recording.all(RECORD)]).to.deep.equal([]);
  });
});

describe("settings of domains", () => {
  const faultyKeys = (changes: SampleChanges) =>
    readSettings(sampleConfiguration("services", changes)).faults.map(({ key }) => key);

  it("are complete and do not contradict each other", () => {
    expect(faultyKeys(domains)).to.deep.equal([]);
    expect(faultyKeys({ gatewayDomain: "gateway.example.com" })).to.deep.equal(["hostedZoneId"]);
    expect(
      faultyKeys({ ...domains, llmProxyCertificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0a" }),
    ).to.deep.equal(["llmProxyCertificateArn"]);
    expect(faultyKeys({ ...domains, enableLlmProxy: "false", llmProxyMasterKey: undefined })).to.deep.equal([
      "llmProxyDomain",
    ]);
    expect(faultyKeys({ ...domains, llmProxyDomain: domains.gatewayDomain })).to.deep.equal(["llmProxyDomain"]);
  });

  for (const name of ["Gateway.example.com", "example", "*.example.com", "https://a.example.com", "a..example.com"]) {
    it(`refuse ${name} as a name`, () => {
      expect(faultyKeys({ ...domains, gatewayDomain: name })).to.have.length(1);
    });
  }

  it("take names of up to 64 characters, which is what ACM allows", () => {
    const name = (length: number) => `${"a".repeat(length - ".b.example.com".length)}.b.example.com`;
    expect(faultyKeys({ ...domains, gatewayDomain: name(64) })).to.deep.equal([]);
    expect(faultyKeys({ ...domains, gatewayDomain: name(65) })).to.have.length(1);
  });

  it("belong to the services layer", () => {
    expect(keysOf("services")).to.include.members(["hostedZoneId", "gatewayDomain", "llmProxyDomain"]);
  });
});
