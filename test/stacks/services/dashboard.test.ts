import { expect } from "chai";
import fc from "fast-check";
import { dashboardBody, type DashboardFacts } from "proliferate-services/dashboard-body.ts";
import { allImages, recordServices, types } from "./recorded-layer.ts";

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: { readonly title: string; readonly region: string; readonly metrics: readonly unknown[][] };
}
const widgetsOf = (body: unknown) => (body as { widgets: readonly Widget[] }).widgets;

describe("the dashboard", () => {
  it("shows each service, and Postgres and Redis, in the environment's region", async () => {
    const { recording } = await recordServices(allImages);
    const { inputs } = recording.only(types.dashboard);
    expect(inputs.dashboardName).to.equal("proliferate");
    const widgets = widgetsOf(JSON.parse(String(inputs.dashboardBody)));
    expect(widgets.map(({ properties }) => properties.title)).to.include.members([
      ...["gateway: CPU and memory, %", "gateway: requests and server errors", "worker: errors logged"],
      ...["llm-proxy: time to answer, seconds", "Postgres: free storage, bytes", "Redis: CPU and memory, %"],
    ]);
    expect(widgets.find(({ properties }) => properties.title.startsWith("Redis"))?.properties).to.deep.include({
      region: "us-east-1",
      metrics: [
        ["AWS/ElastiCache", "EngineCPUUtilization", "CacheClusterId", "redis-001"],
        ["AWS/ElastiCache", "DatabaseMemoryUsagePercentage", "CacheClusterId", "redis-001"],
      ],
    });
    expect(JSON.stringify(widgets)).to.contain("app/alb-of-sg-0001").and.contain("targetgroup/on-8787");
  });

  it("shows no data layer without ids, and can be turned off", async () => {
    const { recording } = await recordServices(allImages, {
      data: { databaseInstanceId: undefined, redisNodeIds: undefined },
    });
    const body = String(recording.only(types.dashboard).inputs.dashboardBody);
    expect(body).not.to.contain("Postgres").and.not.contain("Redis");
    const off = await recordServices({ ...allImages, enableDashboard: "false" });
    expect(off.recording.all(types.dashboard)).to.deep.equal([]);
  });

  it("never lets graphs overlap or leave CloudWatch's grid", () => {
    const loadBalancer = fc.option(fc.constant({ name: "app/a/1", targetGroup: "targetgroup/a/1" }), {
      nil: undefined,
    });
    const service = fc.record({
      title: fc.string(),
      metrics: fc.record({
        clusterName: fc.string(),
        serviceName: fc.string(),
        loggedErrors: fc.constant({ namespace: "n", metricName: "m" }),
        loadBalancer,
      }),
    });
    const facts: fc.Arbitrary<DashboardFacts> = fc.record({
      region: fc.constant("us-east-1"),
      services: fc.array(service, { maxLength: 4 }),
      databaseInstanceId: fc.option(fc.constant("db"), { nil: undefined }),
      redisNodeIds: fc.array(fc.string(), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(facts, (some) => {
        const taken = new Set<string>();
        for (const { x, y, width, height } of widgetsOf(dashboardBody(some))) {
          expect(x + width).to.be.at.most(24);
          for (let column = x; column < x + width; column += 1) {
            for (let row = y; row < y + height; row += 1) {
              expect(taken.has(`${column},${row}`)).to.equal(false);
              taken.add(`${column},${row}`);
            }
          }
        }
      }),
    );
  });
});
