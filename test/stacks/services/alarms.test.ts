import { expect } from "chai";
import { allImages, recordServices, types } from "./recorded-layer.ts";

const alarmTopicArn = "arn:aws:sns:us-east-1:123456789012:alarms";

describe("alarms", () => {
  it("are off without a topic", async () => {
    const { recording } = await recordServices(allImages);
    expect(recording.all(types.alarm)).to.deep.equal([]);
  });

  it("monitor services with an image; with a load balancer also errors and unhealthy tasks", async () => {
    const { recording } = await recordServices({ alarmTopicArn, gatewayImageTag: "g1", workerImageTag: "w1" });
    expect(recording.all(types.alarm).map(({ inputs }) => inputs.name)).to.deep.equal([
      "proliferate-gateway-cpu",
      "proliferate-gateway-errors",
      "proliferate-gateway-latency",
      "proliferate-gateway-load-balancer-errors",
      "proliferate-gateway-logged-errors",
      "proliferate-gateway-memory",
      "proliferate-gateway-missing-tasks",
      "proliferate-gateway-unhealthy",
      "proliferate-worker-cpu",
      "proliferate-worker-logged-errors",
      "proliferate-worker-memory",
      "proliferate-worker-missing-tasks",
    ]);
    for (const { inputs } of recording.all(types.alarm)) {
      expect(inputs).to.deep.include({
        actionsEnabled: true,
        alarmActions: [alarmTopicArn],
        okActions: [alarmTopicArn],
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
      });
    }
  });

  it("count logged errors of monitored services, and count tasks only with Container Insights", async () => {
    const changes = { alarmTopicArn, workerImageTag: "w1" };
    const { recording } = await recordServices(changes);
    expect(recording.only(types.metricFilter).inputs).to.deep.include({
      name: "proliferate-worker-errors",
      logGroupName: "proliferate-worker",
      metricTransformation: {
        namespace: "Proliferate/proliferate",
        name: "worker-logged-errors",
        value: "1",
        defaultValue: "0",
      },
    });
    expect(recording.only(types.metricFilter).inputs.pattern)
      .to.contain("?ERROR ?CRITICAL")
      .and.contain('?"\\"level\\":50"');
    const metric = (metricName: string) => ({
      namespace: "ECS/ContainerInsights",
      metricName,
      dimensions: { ClusterName: "proliferate", ServiceName: "proliferate-worker" },
      period: 300,
      stat: "Average",
    });
    const { inputs } = recording.only(types.alarm, "worker-alarm-missing-tasks");
    expect(inputs.metricQueries).to.deep.equal([
      { id: "difference", expression: "whole - part", label: "DesiredTaskCount - RunningTaskCount", returnData: true },
      { id: "whole", metric: metric("DesiredTaskCount") },
      { id: "part", metric: metric("RunningTaskCount") },
    ]);
    expect(inputs).not.to.have.any.keys("metricName", "namespace", "period", "statistic");
    const without = await recordServices({ ...changes, containerInsights: "disabled" });
    expect(without.recording.all(types.alarm).map(({ name }) => name)).not.to.include("worker-alarm-missing-tasks");
    expect((await recordServices(allImages)).recording.all(types.metricFilter)).to.deep.equal([]);
  });

  const conditions: readonly [string, Record<string, unknown>][] = [
    [
      "gateway-alarm-cpu",
      {
        namespace: "AWS/ECS",
        metricName: "CPUUtilization",
        dimensions: { ClusterName: "proliferate", ServiceName: "proliferate-gateway" },
        statistic: "Average",
        threshold: 85,
        period: 300,
        evaluationPeriods: 3,
      },
    ],
    [
      "worker-alarm-memory",
      {
        namespace: "AWS/ECS",
        metricName: "MemoryUtilization",
        dimensions: { ClusterName: "proliferate", ServiceName: "proliferate-worker" },
        statistic: "Average",
        threshold: 85,
        period: 300,
        evaluationPeriods: 3,
      },
    ],
    [
      "worker-alarm-logged-errors",
      {
        namespace: "Proliferate/proliferate",
        metricName: "worker-logged-errors",
        dimensions: {},
        statistic: "Sum",
        threshold: 10,
        period: 300,
        evaluationPeriods: 1,
      },
    ],
    [
      "gateway-alarm-errors",
      {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_Target_5XX_Count",
        dimensions: { LoadBalancer: "app/alb-of-sg-0001", TargetGroup: "targetgroup/on-8787" },
        statistic: "Sum",
        threshold: 10,
        period: 300,
        evaluationPeriods: 1,
      },
    ],
    [
      "gateway-alarm-load-balancer-errors",
      {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_ELB_5XX_Count",
        dimensions: { LoadBalancer: "app/alb-of-sg-0001" },
        statistic: "Sum",
        threshold: 10,
        period: 300,
        evaluationPeriods: 1,
      },
    ],
    [
      "gateway-alarm-latency",
      {
        namespace: "AWS/ApplicationELB",
        metricName: "TargetResponseTime",
        dimensions: { LoadBalancer: "app/alb-of-sg-0001", TargetGroup: "targetgroup/on-8787" },
        extendedStatistic: "p95",
        threshold: 10,
        period: 300,
        evaluationPeriods: 3,
      },
    ],
    [
      "llm-proxy-alarm-unhealthy",
      {
        namespace: "AWS/ApplicationELB",
        metricName: "UnHealthyHostCount",
        dimensions: { LoadBalancer: "app/alb-of-sg-0003", TargetGroup: "targetgroup/on-4000" },
        statistic: "Maximum",
        threshold: 0,
        period: 60,
        evaluationPeriods: 5,
      },
    ],
  ];
  it("stop a deployment that raises the alarms of its targets", async () => {
    const { recording } = await recordServices({ ...allImages, alarmTopicArn });
    const services = Object.fromEntries(recording.all(types.service).map(({ name, inputs }) => [name, inputs.alarms]));
    const alarms = (service: string) => ({
      ...{ enable: true, rollback: true },
      alarmNames: [`proliferate-${service}-errors`, `proliferate-${service}-unhealthy`],
    });
    expect(services).to.deep.equal({
      "gateway-service": alarms("gateway"),
      "llm-proxy-service": alarms("llm-proxy"),
      "worker-service": undefined,
    });
    const without = await recordServices(allImages);
    expect(without.recording.only(types.service, "gateway-service").inputs.alarms).to.equal(undefined);
  });

  for (const [name, condition] of conditions) {
    it(`are raised by ${name}`, async () => {
      const { recording } = await recordServices({ ...allImages, alarmTopicArn });
      expect(recording.only(types.alarm, name).inputs).to.deep.include(condition);
    });
  }
});
