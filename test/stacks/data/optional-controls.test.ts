/** Controls of the data layer that are settings. */
import { expect } from "chai";
import { recordData, tlsAndToken, types } from "./recorded-data.ts";

const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/0a1b-2c3d";
const ROLE = "aws:iam/role:Role";
const ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment";

describe("optional controls of the data layer", () => {
  it("encrypt the database, its insights and a Redis replication group with your own key", async () => {
    const { recording } = await recordData({ ...tlsAndToken, kmsKeyArn });
    expect(recording.only(types.database).inputs).to.deep.include({
      kmsKeyId: kmsKeyArn,
      performanceInsightsKmsKeyId: kmsKeyArn,
    });
    expect(recording.only(types.redisGroup).inputs.kmsKeyId).to.equal(kmsKeyArn);
    const without = (await recordData(tlsAndToken)).recording;
    expect(without.only(types.database).inputs).not.to.have.any.keys("kmsKeyId", "performanceInsightsKmsKeyId");
    expect(without.only(types.redisGroup).inputs).not.to.have.property("kmsKeyId");
  });

  it("allow IAM tokens only when they are on", async () => {
    for (const on of [true, false]) {
      const { recording } = await recordData({ dbIamAuthentication: String(on) });
      expect(recording.only(types.database).inputs.iamDatabaseAuthenticationEnabled).to.equal(on);
    }
  });

  it("monitor the operating system with a role that may do nothing else", async () => {
    const { recording } = await recordData({ dbEnhancedMonitoringSeconds: "60" });
    expect(recording.only(types.database).inputs).to.deep.include({
      monitoringInterval: 60,
      monitoringRoleArn: "arn:aws:iam:us-east-1:123456789012:proliferate-postgres-monitoring",
    });
    const trust = JSON.parse(String(recording.only(ROLE).inputs.assumeRolePolicy)) as { Statement: unknown[] };
    expect(trust.Statement).to.deep.equal([
      {
        Effect: "Allow",
        Principal: { Service: "monitoring.rds.amazonaws.com" },
        Action: ["sts:AssumeRole"],
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      },
    ]);
    expect(recording.only(ATTACHMENT).inputs.policyArn).to.equal(
      "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
    );
    const off = (await recordData()).recording;
    expect(off.only(types.database).inputs.monitoringInterval).to.equal(0);
    expect(off.all(ROLE)).to.deep.equal([]);
  });
});
