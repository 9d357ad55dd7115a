/** Controls of logs and alarms. */
import { isOn, listOf, mustBeAtLeast, type Control } from "../control.ts";

/** Controls of what is written down and told. */
export const logRules: readonly Control[] = [
  {
    name: "logs-end-some-day",
    description: "Logs are kept for a time that somebody has chosen.",
    controls: ["CloudWatch.16", "CKV_AWS_66"],
    severity: "medium",
    type: "aws:cloudwatch/logGroup:LogGroup",
    violation: mustBeAtLeast("retentionInDays", 1),
    fix: "Set logRetentionDays.",
  },
  {
    name: "alarms-are-told-to-somebody",
    description: "Alarms have actions, and they are on.",
    controls: ["CloudWatch.15", "CloudWatch.17", "CKV_AWS_319"],
    severity: "high",
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    violation: ({ alarmActions, actionsEnabled = true }) =>
      listOf(alarmActions).length > 0 && isOn(actionsEnabled) ? undefined : "nobody is told",
    fix: "Set alarmTopicArn.",
  },
];
