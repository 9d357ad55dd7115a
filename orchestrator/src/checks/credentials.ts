/** Checks whose AWS credentials are in use, whether they fit the environment, and how long they last. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import {
  accountProblem,
  readProviderSettings,
  type ProviderOptions,
} from "@proliferate-infra/shared/settings/provider-settings";
import { setCommand } from "@proliferate-infra/shared/settings/fault";
import type { Fault } from "@proliferate-infra/backend/fault";
import { renewal } from "@proliferate-infra/backend/aws/credentials-fault";
import type { FoundCredentials } from "../aws/credentials.ts";
import { LEAST_SESSION_MS, sessionEnd, type SessionEnd } from "../aws/session-end.ts";
import type { Check, Probe } from "./check.ts";
import { report, type CheckReport } from "./finding.ts";

/** What the credentials and regions are compared with. */
export interface CredentialsTarget {
  readonly stack: string;
  /** Account and region in the environment's file; undefined without a file. */
  readonly facts: { readonly account?: string | undefined; readonly region?: string | undefined } | undefined;
  /** `aws:region` by layer, where it is set. */
  readonly regions: ReadonlyMap<LayerName, string>;
  /** Options of each layer's provider. */
  readonly providers: ReadonlyMap<LayerName, ProviderOptions>;
  /** AWS_REGION or AWS_DEFAULT_REGION. */
  readonly defaultRegion: string | undefined;
  /** When the session in the variables ends. */
  readonly sessionEnd: SessionEnd | undefined;
  readonly now: Date;
}

const MINUTE_MS = 60_000;
/** Minutes that a whole deployment can take. RDS and Redis alone take up to 30. */
const ENOUGH_MINUTES = 60;

const UNKNOWN_END: Fault = {
  message: `The credentials in AWS_SESSION_TOKEN are a session of unknown length. A deployment can take ${ENOUGH_MINUTES} min, and more when it waits for the lock.`,
  fix: "Set AWS_CREDENTIAL_EXPIRATION to its end, such as 2026-01-31T12:00:00Z. In CI, use AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN instead: such credentials are renewed.",
};

/** AWS is asked in the region of the environment's file, of the state, or of the settings; the first that is set counts. */
const foundCredentials: Probe<FoundCredentials> = async ({ subject: { environment, env }, regions }) => {
  const { facts, state } = environment;
  const region = facts?.region ?? (state.kind === "s3" ? state.region : [...regions.values()][0]);
  const { readCredentials } = await import("../aws/credentials.ts");
  return readCredentials(region, env);
};

export const credentialsCheck: Check = {
  name: "credentials",
  run: async (context) => {
    const { environment, env } = context.subject;
    const { stack, facts } = environment;
    const defaultRegion = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
    const providers = new Map(
      context.files.files.map(({ layer, configuration }) => [layer, readProviderSettings(configuration).options]),
    );
    const session = { sessionEnd: sessionEnd(env), now: new Date() };
    const target = { stack, facts, regions: context.regions, providers, defaultRegion, ...session };
    return judgeCredentials(await context.ask(foundCredentials), target);
  },
};

/** What is wrong with the credentials and the regions. Pure. */
export function judgeCredentials(found: FoundCredentials, target: CredentialsTarget): CheckReport {
  const end = found.kind === "accepted" ? target.sessionEnd : undefined;
  const minutes = end instanceof Date ? minutesUntil(end, target.now) : ENOUGH_MINUTES;
  const ending = minutes < 0 ? "The session has ended." : `The session ends in ${minutes} min.`;
  const left: Fault[] = [
    ...(minutes < ENOUGH_MINUTES ? [{ message: ending, fix: renewal({ kind: "variables" }) }] : []),
    ...(end === "unknown" ? [UNKNOWN_END] : []),
  ];
  const isTooShort = minutes * MINUTE_MS < LEAST_SESSION_MS;
  return report(
    "credentials",
    [...identityFaults(found, target), ...regionFaults(target), ...(isTooShort ? left : [])],
    [...defaultRegionFaults(target), ...(isTooShort ? [] : left)],
  );
}

/** Why nothing of the environment can be read from AWS; undefined when it can. */
export const credentialsObstacle: Probe<string | undefined> = async (context) => {
  const found = await context.ask(foundCredentials);
  return canLook(found, context.subject.environment) ? undefined : "see credentials";
};

/** Whether these credentials can read anything of the environment. Pure. */
export function canLook(found: FoundCredentials, { facts }: Pick<CredentialsTarget, "facts">): boolean {
  return found.kind === "accepted" && (facts?.account === undefined || facts.account === found.account);
}

function minutesUntil(end: Date, now: Date): number {
  return Math.floor((end.getTime() - now.getTime()) / MINUTE_MS);
}

function identityFaults(found: FoundCredentials, { facts, providers, stack }: CredentialsTarget): readonly Fault[] {
  if (found.kind === "refused") {
    return [found.fault];
  }
  const account = facts?.account;
  if (account !== undefined && account !== found.account) {
    const message = `These credentials (${found.arn}) are of account ${found.account}, but ${stack} is in ${account}.`;
    return [{ message, fix: `Use credentials of ${account}. AWS_PROFILE chooses among several profiles.` }];
  }
  return [...providers].flatMap(([layer, options]) => {
    const problem = accountProblem(options, found.account);
    const message = `These credentials (${found.arn}) are of account ${found.account}, which ${problem} of ${layer}.`;
    return problem === undefined
      ? []
      : [{ message, fix: "Use credentials of the right account. AWS_PROFILE chooses among several profiles." }];
  });
}

function regionFaults({ facts, regions, stack }: CredentialsTarget): readonly Fault[] {
  const region = facts?.region;
  const differing = [...regions].filter(([, found]) => region !== undefined && found !== region);
  return differing.map(([layer, found]) => ({
    message: `aws:region of ${layer} is ${found}, but ${stack} is in ${region}.`,
    fix: setCommand({ layer, stack }, "aws:region", false, region),
  }));
}

function defaultRegionFaults({ facts, regions, defaultRegion, stack }: CredentialsTarget): readonly Fault[] {
  const region = facts?.region ?? [...regions.values()][0];
  if (defaultRegion === undefined || region === undefined || defaultRegion === region) {
    return [];
  }
  const message = `AWS_REGION is ${defaultRegion}, but ${stack} is in ${region}; other AWS tools work in the wrong region.`;
  return [{ message, fix: `export AWS_REGION=${region}` }];
}
