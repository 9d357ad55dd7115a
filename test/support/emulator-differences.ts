/**
 * What the emulator forgets, so that a second `up` finds differences that AWS would not show. By resource type and
 * property; anything else that changes is a fault of the layer. Seen with ministack 1.5.33.
 */
export const EMULATOR_DIFFERENCES: Readonly<Record<string, readonly string[]>> = {
  "aws:elasticache/cluster:Cluster": ["autoMinorVersionUpgrade", "securityGroupIds"],
};
