/** Groups of keys for the wizard. */
import { commonSettings } from "@proliferate-infra/shared/settings/common-settings";
import { databaseSettings, maintenanceSettings, redisSettings } from "@proliferate-infra/shared/settings/data-settings";
import { domainSettings } from "@proliferate-infra/shared/settings/domain-settings";
import { networkSettings } from "@proliferate-infra/shared/settings/network-settings";
import { operationsSettings } from "@proliferate-infra/shared/settings/operations-settings";
import { secretsSettings } from "@proliferate-infra/shared/settings/secrets-settings";
import { environmentSettings } from "@proliferate-infra/shared/settings/services-settings";
import { taskSettings } from "@proliferate-infra/shared/settings/task-settings";
import { REGION_KEY } from "@proliferate-infra/shared/settings/read-settings";

export interface SettingGroup {
  readonly title: string;
  readonly keys: readonly string[];
}

/** Each key is in one group. */
export const settingGroups: readonly SettingGroup[] = [
  { title: "Environment", keys: [REGION_KEY, ...Object.keys(commonSettings)] },
  { title: "Network", keys: Object.keys(networkSettings) },
  { title: "Changes of Redis and Postgres", keys: Object.keys(maintenanceSettings) },
  { title: "Redis", keys: Object.keys(redisSettings) },
  { title: "Postgres", keys: Object.keys(databaseSettings) },
  { title: "Secrets of the services", keys: Object.keys(secretsSettings) },
  { title: "Variables of the services", keys: Object.keys(environmentSettings) },
  { title: "Domains and certificates", keys: Object.keys(domainSettings) },
  { title: "Tasks, images and their numbers", keys: Object.keys(taskSettings) },
  { title: "Operation: scaling, pause, logs, streams", keys: Object.keys(operationsSettings) },
];
