import type { ResourceRecordSet } from "@aws-sdk/client-route-53";
import { expect } from "chai";
import { judgeDomains } from "@proliferate-infra/orchestrator/checks/domains";

const domain = "gateway.example.com";
const oldTarget = { DNSName: "old-alb.example.com.", HostedZoneId: "ZALB", EvaluateTargetHealth: false };
const record = (fields: Partial<ResourceRecordSet>): ResourceRecordSet => ({
  Name: `${domain}.`,
  Type: "A",
  ...fields,
});

/** Findings as `severity: message` and fix. */
const findings = (records: readonly ResourceRecordSet[], { isOurs = false, replaces = false } = {}) =>
  judgeDomains([{ domain, records, isOurs }], "prod", replaces).findings.map(({ severity, message, fix }) => ({
    severity,
    message,
    fix,
  }));

describe("the check of domains", () => {
  it("accepts a free name, records of other kinds and the environment's own record", () => {
    expect(findings([])).to.deep.equal([]);
    expect(findings([record({ Type: "TXT", ResourceRecords: [{ Value: '"proof"' }] })])).to.deep.equal([]);
    expect(findings([record({ AliasTarget: oldTarget })], { isOurs: true })).to.deep.equal([]);
  });

  it("refuses another A record with its target and the setting that replaces it", () => {
    const [found, ...others] = findings([record({ AliasTarget: oldTarget })]);
    expect(others).to.deep.equal([]);
    expect(found).to.include({ severity: "error" });
    expect(found?.message).to.contain(domain).and.to.contain("A to old-alb.example.com");
    expect(found?.fix).to.contain("./rollout configure set replaceDnsRecords=true --stack prod");
    expect(findings([record({ AliasTarget: oldTarget })], { replaces: true })).to.deep.equal([]);
  });

  it("refuses records that Route 53 cannot replace, also with that setting", () => {
    for (const other of [
      record({ Type: "CNAME", ResourceRecords: [{ Value: "old.example.com" }] }),
      record({ SetIdentifier: "blue", Weight: 10, AliasTarget: oldTarget }),
    ]) {
      const [found] = findings([other], { replaces: true });
      expect(found).to.include({ severity: "error" });
      expect(found?.fix).to.contain("A record").and.not.to.contain("replaceDnsRecords");
    }
  });

  it("warns of a record for IPv6, which leads past this environment", () => {
    const [found] = findings([record({ Type: "AAAA", ResourceRecords: [{ Value: "2001:db8::1" }] })], { isOurs: true });
    expect(found).to.include({ severity: "warning" });
    expect(found?.message).to.contain("2001:db8::1");
  });
});
