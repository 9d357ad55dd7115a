/** Whether the settings of this checkout are those that were published by the last deployment, or changes of them. */
import { withObjectStore } from "@proliferate-infra/backend/storage/open";
import { refuseStaleSettings } from "../settings/refuse-new-keys.ts";
import { SettingsSharing } from "../settings/shared-settings.ts";
import type { Check } from "./check.ts";
import { asFault, notLooked, report } from "./finding.ts";
import { stateObstacle } from "./state.ts";

export const sharingCheck: Check = {
  name: "sharing",
  run: async (context) => {
    const { root, environment } = context.subject;
    const looking = withObjectStore(environment.state, (store) =>
      refuseStaleSettings(environment, new SettingsSharing(root, environment.stack, store)),
    ).then(
      () => report("sharing", []),
      (error: unknown) => ({ error }),
    );
    const [obstacle, found] = await Promise.all([context.ask(stateObstacle), looking]);
    if (obstacle !== undefined) {
      return notLooked("sharing", obstacle);
    }
    return "error" in found ? report("sharing", [asFault(found.error, "The published settings")]) : found;
  },
};
