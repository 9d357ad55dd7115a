/**
 * Looks at everything that a deployment needs, all at the same time. Each check judges what its probe has found; a probe
 * that could not look because of something that has a finding of its own says only that.
 */
import type { LayerName } from "@proliferate-infra/shared/layers";
import { isProtected } from "@proliferate-infra/shared/settings/common-settings";
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import type { FoundCredentials } from "../aws/credentials.ts";
import { canLook, judgeCredentials } from "./credentials.ts";
import { asFault, report, type CheckName, type CheckReport } from "./finding.ts";
import { judgePreconditions, findPreconditions, type FoundPreconditions } from "./preconditions.ts";
import { findStackFiles, type StackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { openSecrets, type OpenedSecrets } from "./open-secrets.ts";
import { readStatePlace } from "./read-state-place.ts";
import { judgeSecrets } from "./secrets.ts";
import { judgeSettings } from "./settings.ts";
import { isReachable, judgeState, type FoundState } from "./state.ts";
import { judgeTools, readToolVersions } from "./tools.ts";

/** What is examined. */
export interface Subject {
  /** The repository. */
  readonly root: string;
  readonly environment: Environment;
  /** Layers that would be deployed, in order. */
  readonly layers: readonly LayerName[];
  /** Variables of this process: where tools and credentials are found. AWS clients read the process's own. */
  readonly env: NodeJS.ProcessEnv;
}

/** What all checks but those of the layers' states have come to. */
export interface Examined {
  readonly reports: readonly CheckReport[];
  /** Why states cannot be read; undefined when they can. */
  readonly obstacle: string | undefined;
}

/** Reports of all checks. */
export async function examine(subject: Subject): Promise<readonly CheckReport[]> {
  const [examined, ground] = await Promise.all([examinePrerequisites(subject), examinePreconditions(subject)]);
  return completed(examined, ground);
}

/** Looks at everything but the layers' states, which may change until the run holds the lock. */
export async function examinePrerequisites({ root, environment, layers, env }: Subject): Promise<Examined> {
  const { stack, facts, state } = environment;
  const files = findStackFiles(root, stack, layers);
  const [tools, credentials, place, secrets] = await Promise.all([
    readToolVersions(env),
    import("../aws/credentials.ts").then(({ readCredentials }) => readCredentials(regionOf(environment, files), env)),
    settled(readStatePlace(state, facts?.account)),
    openSecrets(files.files, { ...env, ...environment.pulumiVariables }),
  ]);
  const isBlind = !canLook(credentials, { facts });
  const hidden = isBlind ? "see credentials" : undefined;
  const stateReport = reportOfState(place, stack, state.kind === "s3" ? hidden : undefined);
  const reports = [
    judgeTools(tools, isProtectedEnvironment(stack, files), env),
    reportOfCredentials(credentials, environment, files, env),
    stateReport,
    reportOfSecrets(files, secrets, environment, hidden),
    judgeSettings(files, secrets.texts),
  ];
  const isClosed = "error" in place || !isReachable(place.value);
  return { reports, obstacle: stateReport.notLooked ?? (isClosed ? "see state" : undefined) };
}

/** Looks at the layers' states. */
export function examinePreconditions({ environment, layers }: Subject): Promise<Settled<FoundPreconditions>> {
  return settled(findPreconditions(environment, layers));
}

/** All reports, once the layers' states have been looked at too. Pure. */
export function completed(
  { reports, obstacle }: Examined,
  ground: Settled<FoundPreconditions>,
): readonly CheckReport[] {
  if (obstacle !== undefined) {
    return [...reports, notLooked("contracts", obstacle), notLooked("operations", obstacle)];
  }
  return "error" in ground
    ? [
        ...reports,
        notLooked("contracts", "see operations"),
        report("operations", [asFault(ground.error, "The states")]),
      ]
    : [...reports, ...judgePreconditions(ground.value)];
}

function reportOfState(place: Settled<FoundState>, stack: string, hidden: string | undefined): CheckReport {
  if (hidden !== undefined) {
    return notLooked("state", hidden);
  }
  return "error" in place
    ? report("state", [asFault(place.error, "The place of the state")])
    : judgeState(place.value, stack);
}

function reportOfCredentials(
  found: FoundCredentials,
  { stack, facts }: Environment,
  { files }: StackFiles,
  { AWS_REGION, AWS_DEFAULT_REGION }: NodeJS.ProcessEnv,
): CheckReport {
  const defaultRegion = AWS_REGION ?? AWS_DEFAULT_REGION;
  return judgeCredentials(found, { stack, facts, regions: regionsOf(files), defaultRegion, now: new Date() });
}

function reportOfSecrets(
  { files }: StackFiles,
  { locked, unreadable }: OpenedSecrets,
  { stack, facts }: Environment,
  hidden: string | undefined,
): CheckReport {
  const inAws = new Set(files.filter((file) => file.secretsProvider?.type === "cloud").map(({ layer }) => layer));
  const visible = hidden === undefined ? locked : locked.filter(({ layer }) => !inAws.has(layer));
  const judged = judgeSecrets(files, { locked: visible, unreadable }, { stack, expected: facts?.secretsProvider });
  return visible.length < locked.length ? { ...judged, notLooked: hidden } : judged;
}

/** Whether any of these layers is protected. */
function isProtectedEnvironment(stack: string, { files }: StackFiles): boolean {
  return files.some(({ layer, configuration }) =>
    isProtected(stack, configuration.values.get(fullKey(layer, "protectResources"))?.text),
  );
}

/** Region to ask AWS in: the environment's, as far as anything says it. */
function regionOf({ facts, state }: Environment, { files }: StackFiles): string | undefined {
  return facts?.region ?? (state.kind === "s3" ? state.region : [...regionsOf(files).values()][0]);
}

function regionsOf(files: StackFiles["files"]): ReadonlyMap<LayerName, string> {
  return new Map(
    files.flatMap(({ layer, configuration }) => {
      const region = configuration.values.get("aws:region")?.text;
      return region === undefined ? [] : [[layer, region] as const];
    }),
  );
}

function notLooked(check: CheckName, reason: string): CheckReport {
  return { check, findings: [], notLooked: reason };
}

/** How a probe has ended. */
export type Settled<T> = { readonly value: T } | { readonly error: unknown };

async function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  try {
    return { value: await work };
  } catch (error) {
    return { error };
  }
}
