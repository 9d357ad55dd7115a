import { isOn, listOf, mustBeAtLeast, type Control } from "../control.ts";

/** Rules for logs and alarms. */
export const logRules: readonly Control[] = [
  {
    name: "logs-end-some-day",
    description: "Log groups have a retention period.",
    controls: ["CloudWatch.16", "CKV_AWS_66"],
    severity: "medium",
    type: "aws:cloudwatch/logGroup:LogGroup",
    violation: mustBeAtLeast("retentionInDays", 1),
    fix: "Set logRetentionDays.",
  },
  {
    name: "alarms-are-told-to-somebody",
    description: "Alarms have actions, and their actions are on.",
    controls: ["CloudWatch.15", "CloudWatch.17", "CKV_AWS_319"],
    severity: "high",
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    violation: ({ alarmActions, actionsEnabled = true }) =>
      listOf(alarmActions).length > 0 && isOn(actionsEnabled) ? undefined : "it has no action that is on",
    fix: "Set alarmTopicArn.",
  },
];
