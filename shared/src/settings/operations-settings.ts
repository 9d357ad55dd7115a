/** Keys of the services layer for operation: scaling by requests, pauses, logs, timeouts, monitoring. */
import { bool, integer, numberFrom, oneOf, text } from "../values/value-kinds.ts";
import { atOnce, rolling } from "./effect.ts";
import { defaulted, optional } from "./setting.ts";

const services = { layers: ["services"], secret: false } as const;

// Application Auto Scaling: cron(minutes hours day-of-month month day-of-week year).
const cron = text("a schedule such as cron(0 20 ? * MON-FRI *)", /^cron\((?:[A-Z0-9*?/,#-]+ ){5}[A-Z0-9*?/,#-]+\)$/);
const bucketName = text("a bucket's name", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);

const scaling = atOnce("Changes autoscaling.");
const loadBalancer = atOnce("Changes the load balancers.");

export const operationsSettings = {
  requestsPerTarget: optional(integer(1, 1_000_000), {
    ...services,
    effects: [scaling],
    description:
      "Requests per minute and task that autoscaling aims at, in addition to the CPU target, for services behind a " +
      "load balancer. No extra cost.",
  }),
  pauseAt: optional(cron, {
    ...services,
    effects: [scaling],
    description:
      "When all services scale to zero tasks; needs resumeAt. A pause at night and on weekends saves about 60% of " +
      "their price. Not allowed when protectResources is true.",
  }),
  resumeAt: optional(cron, {
    ...services,
    effects: [scaling],
    description: "When the services start again after pauseAt.",
  }),
  pauseTimeZone: defaulted("UTC", text("a time zone such as Europe/Berlin", /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/), {
    ...services,
    effects: [scaling],
    description: "Time zone of pauseAt and resumeAt.",
  }),
  logRetentionDays: defaulted(
    30,
    numberFrom(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
    {
      ...services,
      effects: [atOnce("CloudWatch deletes logs that are older than a lower value.")],
      description:
        "How long the services' logs are kept, in days. About 0.03 USD per GB and month, in addition to 0.50 USD " +
        "for each GB written.",
    },
  ),
  albIdleTimeoutSeconds: defaulted(300, integer(1, 4000, "seconds"), {
    ...services,
    effects: [loadBalancer],
    description:
      "How long a connection, such as an LLM stream, may be idle. The services' own keep-alive timeout must be " +
      "longer.",
  }),
  containerInsights: defaulted("enabled", oneOf("enabled", "enhanced", "disabled"), {
    ...services,
    effects: [atOnce("Changes the metrics of the cluster, and the alarms that need them.")],
    description:
      "CloudWatch Container Insights of the cluster. 0.30 USD a month for each metric: about 15 USD with three " +
      "services. enhanced costs more.",
  }),
  enableExecuteCommand: defaulted(false, bool, {
    ...services,
    effects: [rolling("gateway", "worker"), atOnce("New tasks of the llm-proxy have it too.")],
    description: "Turns on ECS Exec, a shell in running containers. It makes their root file system writable.",
  }),
  enableDashboard: defaulted(true, bool, {
    ...services,
    effects: [atOnce("Creates or deletes the dashboard.")],
    description:
      "Creates a CloudWatch dashboard named after resourcePrefix for services, Postgres and Redis. " +
      "An account's first three dashboards are free, others cost 3 USD a month.",
  }),
  albAccessLogsBucket: optional(bucketName, {
    ...services,
    effects: [loadBalancer],
    description:
      "S3 bucket in the same region for the load balancers' access logs. Its policy must let Elastic Load Balancing " +
      "write. Storage costs about 0.023 USD per GB and month.",
  }),
};
