/** Resources show the settings with which they were created, so that a second deployment changes nothing. */
import { CreateFlowLogsCommand, DescribeFlowLogsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateReplicationGroupCommand,
  DescribeCacheClustersCommand,
  ElastiCacheClient,
} from "@aws-sdk/client-elasticache";
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  ModifyDBInstanceCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { expect } from "chai";
import { sharedTestEmulator, type SharedEmulator } from "@proliferate-infra/testing/emulator";

describe("settings that the emulator shows", () => {
  let emulator: SharedEmulator;
  before(async () => {
    emulator = await sharedTestEmulator();
  });

  it("are those of a flow log (flow-logs-show-settings)", async () => {
    const ec2 = new EC2Client(emulator.clientOptions);
    const role = "arn:aws:iam::000000000000:role/flow-logs";
    const { FlowLogIds = [] } = await ec2.send(
      new CreateFlowLogsCommand({
        ...{ ResourceIds: ["vpc-1"], ResourceType: "VPC", TrafficType: "ALL" },
        ...{ LogDestination: "arn:aws:logs:us-east-1:000000000000:log-group:flow", DeliverLogsPermissionArn: role },
        MaxAggregationInterval: 60,
        TagSpecifications: [{ ResourceType: "vpc-flow-log", Tags: [{ Key: "Name", Value: "flow" }] }],
      }),
    );
    const { FlowLogs: found = [] } = await ec2.send(new DescribeFlowLogsCommand({ FlowLogIds }));
    expect(found[0]).to.deep.include({
      ...{ DeliverLogsPermissionArn: role, MaxAggregationInterval: 60 },
      Tags: [{ Key: "Name", Value: "flow" }],
    });
    ec2.destroy();
  });

  it("are those of an alarm, with metric or expression (alarms-show-settings)", async () => {
    const call = async (action: string, parameters: Readonly<Record<string, string>>) => {
      const body = new URLSearchParams({ Action: action, Version: "2010-08-01", ...parameters });
      const authorization =
        "AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0";
      const response = await fetch(emulator.endpoint, { method: "POST", body, headers: { authorization } });
      return response.text();
    };
    await call("PutMetricAlarm", {
      ...{ AlarmName: "plain", AlarmDescription: "a < b", Namespace: "AWS/RDS", MetricName: "CPUUtilization" },
      ...{ Statistic: "Average", Period: "300", EvaluationPeriods: "1", Threshold: "80" },
      ...{ ComparisonOperator: "GreaterThanThreshold", TreatMissingData: "breaching" },
      ...{ "Dimensions.member.1.Name": "DBInstanceIdentifier", "Dimensions.member.1.Value": "db" },
      ...{ "AlarmActions.member.1": "arn:aws:sns:us-east-1:000000000000:alarms" },
    });
    await call("PutMetricAlarm", {
      ...{
        AlarmName: "expression",
        EvaluationPeriods: "1",
        Threshold: "0",
        ComparisonOperator: "GreaterThanThreshold",
      },
      ...{ "Metrics.member.1.Id": "sum", "Metrics.member.1.Expression": "m1 - m2" },
      "Metrics.member.2.Id": "m1",
      "Metrics.member.2.MetricStat.Metric.MetricName": "Requests",
      "Metrics.member.2.MetricStat.Metric.Dimensions.member.1.Name": "LoadBalancer",
      "Metrics.member.2.MetricStat.Period": "60",
    });
    const shown = await call("DescribeAlarms", {});
    for (const expected of [
      "<AlarmDescription>a &lt; b</AlarmDescription>",
      "<Period>300</Period>",
      "<Statistic>Average</Statistic>",
      "<TreatMissingData>breaching</TreatMissingData>",
      "<Dimensions><member><Name>DBInstanceIdentifier</Name><Value>db</Value></member></Dimensions>",
      "<AlarmActions><member>arn:aws:sns:us-east-1:000000000000:alarms</member></AlarmActions>",
      "<Metrics><member><Id>sum</Id><Expression>m1 - m2</Expression></member><member><Id>m1</Id>",
      "<Dimensions><member><Name>LoadBalancer</Name></member></Dimensions></Metric><Period>60</Period></MetricStat>",
    ]) {
      expect(shown).to.contain(expected);
    }
  });

  it("are those of a node of Redis (redis-nodes-show-minor-upgrades)", async () => {
    const elastiCache = new ElastiCacheClient(emulator.clientOptions);
    const group = { ReplicationGroupDescription: "shown", NumCacheClusters: 2 };
    for (const [name, AutoMinorVersionUpgrade] of [["on", true] as const, ["off", false] as const]) {
      const ReplicationGroupId = `shown-${name}`;
      await elastiCache.send(
        new CreateReplicationGroupCommand({ ...group, ReplicationGroupId, AutoMinorVersionUpgrade }),
      );
      const { CacheClusters: nodes = [] } = await elastiCache.send(new DescribeCacheClustersCommand({}));
      const found = nodes.filter((node) => node.ReplicationGroupId === ReplicationGroupId);
      expect(found.map((node) => node.AutoMinorVersionUpgrade)).to.deep.equal([
        AutoMinorVersionUpgrade,
        AutoMinorVersionUpgrade,
      ]);
    }
    elastiCache.destroy();
  });

  it("are those of a database (rds-shows-settings)", async () => {
    const rds = new RDSClient(emulator.clientOptions);
    const DBInstanceIdentifier = "shown";
    const instance = { Engine: "postgres", EngineVersion: "16", DBInstanceClass: "db.t4g.micro", AllocatedStorage: 20 };
    const EngineLifecycleSupport = "open-source-rds-extended-support-disabled";
    const user = { MasterUsername: "app", MasterUserPassword: "correct-horse" };
    const logs = { EnableCloudwatchLogsExports: ["postgresql", "upgrade"], EnablePerformanceInsights: false };
    await rds.send(
      new CreateDBInstanceCommand({ DBInstanceIdentifier, ...instance, ...user, ...logs, EngineLifecycleSupport }),
    );
    const shown = async () => {
      const { DBInstances: found = [] } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      return found[0];
    };
    expect(await shown()).to.deep.include({
      EnabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      EngineLifecycleSupport: "open-source-rds-extended-support-disabled",
    });
    await rds.send(
      new ModifyDBInstanceCommand({
        ...{ DBInstanceIdentifier, EnablePerformanceInsights: true, AutoMinorVersionUpgrade: false },
        CloudwatchLogsExportConfiguration: { DisableLogTypes: ["upgrade"] },
      }),
    );
    expect(await shown()).to.deep.include({
      ...{
        EnabledCloudwatchLogsExports: ["postgresql"],
        PerformanceInsightsEnabled: true,
        AutoMinorVersionUpgrade: false,
      },
    });
    rds.destroy();
  });
});
