/** The output that every layer has: the settings that it was deployed with and that other layers have too. */
import { commonValuesSchema } from "../settings/common-values.ts";

/**
 * Layers that build on this one inherit some of these values, and are not deployed with others than these. Absent where an earlier
 * version has deployed.
 */
export const commonSettings = commonValuesSchema.optional();
