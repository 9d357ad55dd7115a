import { expect } from "chai";
import { recordData } from "./recorded-data.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const alarmTopicArn = "arn:aws:sns:us-east-1:123456789012:alarms";

async function alarmsOf(changes: Parameters<typeof recordData>[0]) {
  const { recording } = await recordData(changes);
  return new Map(recording.all(ALARM).map(({ name, inputs }) => [name, inputs]));
}

describe("alarms of the data layer", () => {
  it("are off without a topic", async () => {
    expect((await alarmsOf({})).size).to.equal(0);
  });

  it("monitor the database and the Redis node", async () => {
    const alarms = await alarmsOf({ alarmTopicArn });
    expect([...alarms.keys()]).to.deep.equal([
      "postgres-alarm-connections",
      "postgres-alarm-cpu",
      "postgres-alarm-memory",
      "postgres-alarm-storage",
      "redis-alarm-cpu",
      "redis-alarm-memory",
    ]);
    expect(alarms.get("postgres-alarm-storage")).to.deep.include({
      name: "proliferate-postgres-storage",
      namespace: "AWS/RDS",
      metricName: "FreeStorageSpace",
      comparisonOperator: "LessThanThreshold",
      threshold: 2 * 2 ** 30,
      statistic: "Average",
      period: 300,
      evaluationPeriods: 3,
    });
    expect(alarms.get("postgres-alarm-connections")).to.deep.include({
      metricName: "DatabaseConnections",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 150,
    });
    expect(alarms.get("redis-alarm-memory")).to.deep.include({
      namespace: "AWS/ElastiCache",
      metricName: "DatabaseMemoryUsagePercentage",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 80,
    });
    for (const inputs of alarms.values()) {
      expect(inputs).to.deep.include({
        alarmActions: [alarmTopicArn],
        okActions: [alarmTopicArn],
        actionsEnabled: true,
      });
    }
  });

  it("monitor each node of a replication group", async () => {
    const alarms = await alarmsOf({ alarmTopicArn, redisReplicationEnabled: "true", redisReplicaCount: "2" });
    const nodes = ["1", "2", "3"].map(
      (node) => alarms.get(`redis-alarm-cpu-${node}`)?.dimensions as { CacheClusterId: string },
    );
    expect(nodes.map(({ CacheClusterId }) => CacheClusterId.slice(-4))).to.deep.equal(["-001", "-002", "-003"]);
    expect([...alarms.keys()].filter((name) => name.startsWith("redis"))).to.have.length(6);
  });

  it("do not monitor a database that is managed elsewhere", async () => {
    const databaseUrlOverride = "postgres://app:pw@db.example.com/app";
    const alarms = await alarmsOf({ alarmTopicArn, enableRds: "false", databaseUrlOverride, dbPassword: undefined });
    expect([...alarms.keys()]).to.deep.equal(["redis-alarm-cpu", "redis-alarm-memory"]);
  });
});
