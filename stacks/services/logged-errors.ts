/** Counts the errors in a service's log, as a metric of CloudWatch. */
import * as aws from "@pulumi/aws";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";
import type { ServiceName } from "@proliferate-infra/shared/services";

/**
 * Lines with a word that loggers use for errors: as text, as JSON (`"level":"error"`, or pino's 50 and 60), and Python's
 * traces. Terms are found anywhere in a line, in this case (CloudWatch Logs, filter pattern syntax).
 */
const ERRORS = [
  "ERROR",
  "CRITICAL",
  "FATAL",
  '"\\"level\\":\\"error\\""',
  '"\\"level\\":50"',
  '"\\"level\\":60"',
  "Traceback",
]
  .map((term) => `?${term}`)
  .join(" ");

/** Where the errors of a service are counted. */
export function loggedErrorsMetric(resourcePrefix: string, service: ServiceName) {
  return { namespace: `Proliferate/${resourcePrefix}`, metricName: `${service}-logged-errors` };
}

export function countLoggedErrors(
  { settings, parent, name }: LayerScope<"services">,
  service: ServiceName,
  logGroup: aws.cloudwatch.LogGroup,
): void {
  const metric = loggedErrorsMetric(settings.resourcePrefix, service);
  new aws.cloudwatch.LogMetricFilter(
    `${service}-logged-errors`,
    {
      name: name("logGroup", service, "errors"),
      logGroupName: logGroup.name,
      pattern: ERRORS,
      // Without a default the metric has gaps while all is well.
      metricTransformation: { namespace: metric.namespace, name: metric.metricName, value: "1", defaultValue: "0" },
    },
    { parent },
  );
}
