/** Keys of the services layer about running it: scaling by requests, a pause at night, logs, streams, insights. */
import { bool, integer, numberFrom, oneOf, text } from "../values/value-kinds.ts";
import { defaulted, optional } from "./setting.ts";

const services = { layers: ["services"], secret: false } as const;

// Application Auto Scaling: cron(minutes hours day-of-month month day-of-week year).
const cron = text("a schedule such as cron(0 20 ? * MON-FRI *)", /^cron\((?:[A-Z0-9*?/,#-]+ ){5}[A-Z0-9*?/,#-]+\)$/);
const bucketName = text("a bucket's name", /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/);

/** Settings of operation. */
export const operationsSettings = {
  requestsPerTarget: optional(integer(1, 1_000_000), {
    ...services,
    description:
      "Requests a minute that one task behind a load balancer takes: autoscaling keeps near it, beside the CPU. No extra cost.",
  }),
  pauseAt: optional(cron, {
    ...services,
    description:
      "When all services go to zero tasks, to save about 0.6 of their price with a pause at night and weekends; needs resumeAt. " +
      "Not where protectResources is true.",
  }),
  resumeAt: optional(cron, { ...services, description: "When services come back after pauseAt." }),
  pauseTimeZone: defaulted("UTC", text("a time zone such as Europe/Berlin", /^[A-Za-z]+(?:[/_+-][A-Za-z0-9]+)*$/), {
    ...services,
    description: "Time zone of pauseAt and resumeAt.",
  }),
  logRetentionDays: defaulted(
    30,
    numberFrom(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653),
    {
      ...services,
      description:
        "How long the services' logs are kept, in days; about 0.03 USD per GB and month, beside 0.50 for each GB written.",
    },
  ),
  albIdleTimeoutSeconds: defaulted(300, integer(1, 4000, "seconds"), {
    ...services,
    description: "How long a connection may be silent, such as an LLM stream; services must keep theirs open longer.",
  }),
  containerInsights: defaulted("enabled", oneOf("enabled", "enhanced", "disabled"), {
    ...services,
    description:
      "CloudWatch Container Insights of the cluster: 0.30 USD a month for each metric, about 15 USD with three services; enhanced costs more.",
  }),
  enableExecuteCommand: defaulted(false, bool, {
    ...services,
    description: "ECS Exec: a shell in running containers, whose root file system must then be writable.",
  }),
  enableDashboard: defaulted(true, bool, {
    ...services,
    description:
      "A CloudWatch dashboard named after resourcePrefix: services, Postgres and Redis. The first three of an account cost nothing, others 3 USD a month.",
  }),
  albAccessLogsBucket: optional(bucketName, {
    ...services,
    description:
      "S3 bucket in the same region for the load balancers' access logs, which lets the load balancers' log delivery write. " +
      "Costs its storage, about 0.023 USD per GB and month.",
  }),
};
