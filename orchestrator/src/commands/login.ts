/** `rollout login`: `pulumi login` to the environment's state, for plain `pulumi`. */
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import { environmentFile, readEnvironmentFile } from "@proliferate-infra/backend/environment/environment-file";
import { runPulumi } from "../pulumi/command.ts";
import {
  backendUrl,
  formatStateUrl,
  parseStateUrl,
  type StateLocation,
} from "@proliferate-infra/backend/environment/state-url";
import { ExitCode, UserError } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { say } from "../terminal/say.ts";

export interface LoginOptions {
  /** Stack name in all layers, such as `prod`. */
  readonly stack: string;
  /** State URL; without it, the one in the environment's file. */
  readonly url?: string;
}

/** Returns the exit code. */
export async function login({ stack, url }: LoginOptions): Promise<number> {
  const state = stateOf(stack, url);
  const who = state.kind === "s3" ? await identityFor(state.region, stack) : undefined;
  const target = backendUrl(state);
  await runPulumi(["login", target], { cwd: repositoryRoot, env: { ...process.env, PULUMI_BACKEND_URL: undefined } });
  say(`pulumi is logged in to ${target}${who === undefined ? "" : ` as ${who}`}.`);
  if (state.kind === "s3") {
    say(`The lock of ${stack} is in the table ${state.lockTable}; rollout takes it, plain pulumi does not.`);
  }
  const others = process.env.PULUMI_BACKEND_URL;
  if (others !== undefined && others !== target) {
    say(`In this shell, PULUMI_BACKEND_URL overrides it: ${others}`);
  }
  return ExitCode.done;
}

function stateOf(stack: string, url: string | undefined): StateLocation {
  if (url === undefined) {
    return findEnvironment(repositoryRoot, stack, process.env).state;
  }
  const state = parseStateUrl(url);
  const written = readEnvironmentFile(repositoryRoot, stack)?.stateUrl;
  if (written !== undefined && formatStateUrl(parseStateUrl(written)) !== formatStateUrl(state)) {
    throw new UserError(
      `--url is ${url}, but ${environmentFile(repositoryRoot, stack)} has ${written}. Leave out --url, or move the file away.`,
    );
  }
  return state;
}

/** The ARN of the credentials. Checked here, because Pulumi's error would only name the bucket. */
async function identityFor(region: string, stack: string): Promise<string> {
  const { requireCredentials } = await import("../aws/credentials.ts");
  const { account, arn } = await requireCredentials(region);
  const expected = readEnvironmentFile(repositoryRoot, stack)?.account;
  if (expected !== undefined && expected !== account) {
    throw new UserError(`${stack} is in the account ${expected}, but these credentials are ${arn} of ${account}.`);
  }
  return arn;
}
