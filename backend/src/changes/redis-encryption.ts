/**
 * TLS and the token of a Redis replication group that exists. AWS changes TLS only one step at a time, with both kinds of
 * connections accepted in between, and only at once (Amazon ElastiCache User Guide, Enabling in-transit encryption); a first
 * token only beside connections without one, and it removes none (Authenticating with the AUTH command). Pure.
 */
import type { Fault } from "../fault.ts";
import type { StateResource } from "../pulumi-files/state.ts";

export interface RedisSettings {
  readonly stack: string;
  readonly applyChanges: "at-once" | "in-window";
  readonly redisReplicationEnabled: boolean;
  readonly redisTransitEncryption: boolean;
  readonly redisTransitEncryptionMode: "required" | "preferred";
  /** Only whether it is set matters. */
  readonly redisAuthToken: unknown;
  readonly redisAuthTokenUpdateStrategy: "SET" | "ROTATE";
}

/** Which connections Redis accepts: `preferred` is both kinds. */
type Tls = "off" | "preferred" | "required";

/** Why TLS and token of the deployed group must not be changed like this, with the commands that do it in steps. */
export function redisFaults(resources: readonly StateResource[], settings: RedisSettings): readonly Fault[] {
  const group = resources.find(({ type }) => type === "aws:elasticache/replicationGroup:ReplicationGroup");
  if (group === undefined || !settings.redisReplicationEnabled) {
    return [];
  }
  const { redisTransitEncryption, redisTransitEncryptionMode } = settings;
  const now = tlsOf(group.outputs);
  const wanted: Tls = redisTransitEncryption ? redisTransitEncryptionMode : "off";
  return [...tlsFaults(now, wanted, settings), ...tokenFaults("authToken" in group.inputs, wanted, settings)];
}

function tlsOf({ transitEncryptionEnabled, transitEncryptionMode }: StateResource["outputs"]): Tls {
  if (transitEncryptionEnabled !== true) {
    return "off";
  }
  return transitEncryptionMode === "preferred" ? "preferred" : "required";
}

function tlsFaults(now: Tls, wanted: Tls, settings: RedisSettings): readonly Fault[] {
  const { stack, applyChanges, redisAuthToken } = settings;
  const { set, up } = commands(stack);
  const viaPreferred = [set("redisTransitEncryption=true redisTransitEncryptionMode=preferred"), up];
  if (now === "off" && wanted === "required") {
    const message =
      "Redis is deployed without TLS. AWS cannot require TLS in one step, because connections without it would break.";
    const token = redisAuthToken === undefined ? [] : [set("--secret redisAuthToken"), ...tokenSteps(stack)];
    const fix = lines(
      "Deploy the mode preferred first, in which Redis accepts both:",
      ...(redisAuthToken === undefined ? [] : [`./rollout configure unset redisAuthToken --stack ${stack}`]),
      ...[...viaPreferred, set("redisTransitEncryptionMode=required"), up, ...token],
    );
    return [{ message, fix }];
  }
  if (now === "required" && wanted === "off") {
    const message = "Redis requires TLS. AWS cannot turn it off in one step, because connections with it would break.";
    const fix = lines(
      "Deploy the mode preferred first, in which Redis accepts both:",
      ...[...viaPreferred, set("redisTransitEncryption=false"), up],
    );
    return [{ message, fix }];
  }
  if (now !== wanted && applyChanges === "in-window") {
    const message = "TLS of Redis changes, but applyChanges is in-window. AWS changes TLS only at once.";
    return [{ message, fix: set("applyChanges=at-once") }];
  }
  return [];
}

function tokenFaults(hasToken: boolean, wanted: Tls, settings: RedisSettings): readonly Fault[] {
  const { stack, redisAuthToken, redisAuthTokenUpdateStrategy: strategy } = settings;
  const wantsToken = redisAuthToken !== undefined;
  if (hasToken && !wantsToken) {
    const message =
      "Redis has a token, and redisAuthToken is not set. AWS cannot remove the token of an existing Redis.";
    const { set } = commands(stack);
    const fix = lines(
      "Set the token again. The settings of the last deployment have it: configure pull.",
      set("--secret redisAuthToken"),
    );
    return [{ message, fix }];
  }
  if (!hasToken && wantsToken && wanted === "required" && strategy === "SET") {
    const message =
      "Redis is deployed without a token. With the strategy SET, connections without a token would break at once.";
    return [{ message, fix: lines("With ROTATE, Redis accepts both until SET is deployed:", ...tokenSteps(stack)) }];
  }
  return [];
}

/** Commands that require a token which is set, after a deployment in which Redis accepts connections with and without it. */
function tokenSteps(stack: string): readonly string[] {
  const { set, up } = commands(stack);
  return [set("redisAuthTokenUpdateStrategy=ROTATE"), up, set("redisAuthTokenUpdateStrategy=SET"), up];
}

function commands(stack: string) {
  return {
    set: (what: string) => `./rollout configure set ${what} --stack ${stack}`,
    up: `./rollout up --stack ${stack}`,
  };
}

function lines(first: string, ...steps: readonly string[]): string {
  return [first, ...steps.map((step) => `  ${step}`)].join("\n");
}
