/**
 * The text of the environment's dashboard: a row for each service, and one for Postgres and Redis. Pure.
 * Format: CloudWatch, dashboard body structure and syntax.
 */

/** Names of a service's metrics, resolved. */
interface DashboardService {
  readonly title: string;
  readonly metrics: {
    readonly clusterName: string;
    readonly serviceName: string;
    readonly loggedErrors: { readonly namespace: string; readonly metricName: string };
    readonly loadBalancer?: { readonly name: string; readonly targetGroup: string } | undefined;
  };
}

export interface DashboardFacts {
  readonly region: string;
  readonly services: readonly DashboardService[];
  /** Undefined where the database is managed elsewhere. */
  readonly databaseInstanceId?: string | undefined;
  /** Cache clusters, one for each node. */
  readonly redisNodeIds: readonly string[];
}

/** A graph in its row. */
interface Graph {
  readonly title: string;
  /** Namespace, metric, dimensions by turns, and how it is shown. */
  readonly metrics: readonly (readonly (string | object)[])[];
}

/** CloudWatch's grid. */
const GRID_WIDTH = 24;
const HEIGHT = 6;
const PERIOD_SECONDS = 300;

/** The dashboard's body, to be written as JSON. */
export function dashboardBody(facts: DashboardFacts): object {
  const rows = [...facts.services.map(serviceRow), dataRow(facts)].filter((row) => row.length > 0);
  return {
    widgets: rows.flatMap((row, index) => row.map((graph, column) => widget(graph, { row, index, column }, facts))),
  };
}

function widget(
  { title, metrics }: Graph,
  { row, index, column }: { readonly row: readonly Graph[]; readonly index: number; readonly column: number },
  { region }: DashboardFacts,
): object {
  const width = Math.floor(GRID_WIDTH / row.length);
  return {
    type: "metric",
    ...{ x: column * width, y: index * HEIGHT, width, height: HEIGHT },
    properties: { title, region, metrics, view: "timeSeries", stat: "Average", period: PERIOD_SECONDS },
  };
}

function serviceRow({ title, metrics }: DashboardService): readonly Graph[] {
  const { clusterName, serviceName, loggedErrors, loadBalancer } = metrics;
  const ofTasks = ["ClusterName", clusterName, "ServiceName", serviceName];
  const load: Graph = {
    title: `${title}: CPU and memory, %`,
    metrics: [
      ["AWS/ECS", "CPUUtilization", ...ofTasks],
      ["AWS/ECS", "MemoryUtilization", ...ofTasks],
    ],
  };
  const errors: Graph = {
    title: `${title}: errors logged`,
    metrics: [[loggedErrors.namespace, loggedErrors.metricName, { stat: "Sum" }]],
  };
  if (loadBalancer === undefined) {
    return [load, errors];
  }
  const ofTargets = ["TargetGroup", loadBalancer.targetGroup, "LoadBalancer", loadBalancer.name];
  const traffic: Graph = {
    title: `${title}: requests and server errors`,
    metrics: [
      ["AWS/ApplicationELB", "RequestCount", ...ofTargets, { stat: "Sum" }],
      ["AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", ...ofTargets, { stat: "Sum" }],
      ["AWS/ApplicationELB", "HTTPCode_ELB_5XX_Count", "LoadBalancer", loadBalancer.name, { stat: "Sum" }],
    ],
  };
  const latency: Graph = {
    title: `${title}: time to answer, seconds`,
    metrics: ["p50", "p95"].map((stat) => ["AWS/ApplicationELB", "TargetResponseTime", ...ofTargets, { stat }]),
  };
  return [load, traffic, latency, errors];
}

function dataRow({ databaseInstanceId, redisNodeIds }: DashboardFacts): readonly Graph[] {
  const redis: readonly Graph[] = redisNodeIds.length === 0 ? [] : [redisGraph(redisNodeIds)];
  if (databaseInstanceId === undefined) {
    return redis;
  }
  const ofInstance = ["DBInstanceIdentifier", databaseInstanceId];
  return [
    {
      title: "Postgres: CPU, %, and connections",
      metrics: [
        ["AWS/RDS", "CPUUtilization", ...ofInstance],
        ["AWS/RDS", "DatabaseConnections", ...ofInstance, { yAxis: "right" }],
      ],
    },
    { title: "Postgres: free storage, bytes", metrics: [["AWS/RDS", "FreeStorageSpace", ...ofInstance]] },
    ...redis,
  ];
}

function redisGraph(nodeIds: readonly string[]): Graph {
  const metrics = ["EngineCPUUtilization", "DatabaseMemoryUsagePercentage"].flatMap((metric) =>
    nodeIds.map((id) => ["AWS/ElastiCache", metric, "CacheClusterId", id]),
  );
  return { title: "Redis: CPU and memory, %", metrics };
}
