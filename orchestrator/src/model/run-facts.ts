/** Id, user, commit and start of a run: its lock, its records and its report share them. */
import { randomUUID } from "node:crypto";
import { hostname, userInfo } from "node:os";
import { execa } from "execa";
import { z } from "zod";

/** Schema of who started a run. */
export const actorSchema = z.strictObject({
  user: z.string(),
  host: z.string(),
  /** Page of the CI job; null outside CI. */
  ciUrl: z.string().nullable(),
});

export type Actor = z.infer<typeof actorSchema>;

export interface RunFacts {
  readonly runId: string;
  readonly by: Actor;
  /** Commit of the checkout; null outside git. */
  readonly commit: string | null;
  readonly startedAt: Date;
}

/** Gathers the facts of a run that starts now in the checkout at `root`. */
export async function gatherRunFacts(root: string, env: NodeJS.ProcessEnv): Promise<RunFacts> {
  const { stdout, failed } = await execa("git", ["rev-parse", "HEAD"], { cwd: root, reject: false });
  return {
    runId: randomUUID(),
    by: { user: userInfo().username, host: hostname(), ciUrl: ciJobUrl(env) },
    commit: failed ? null : stdout,
    startedAt: new Date(),
  };
}

/** Address of the CI job that this process is part of, from the variables of GitHub and GitLab; null elsewhere. */
export function ciJobUrl(env: NodeJS.ProcessEnv): string | null {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, CI_JOB_URL } = env;
  if (GITHUB_SERVER_URL !== undefined && GITHUB_REPOSITORY !== undefined && GITHUB_RUN_ID !== undefined) {
    return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  }
  return CI_JOB_URL ?? null;
}

/** Such as `ann@laptop`, with the CI job where there is one. */
export function actorText({ user, host, ciUrl }: Actor): string {
  return ciUrl === null ? `${user}@${host}` : `${user}@${host} ${ciUrl}`;
}
