/** How `pulumi`, `rollout`, AWS tools and clients of the AWS SDK reach an emulator, whatever the user's own settings say. */
import type { ClientOptions } from "@proliferate-infra/backend/aws/client";
import { STATE_URL_VARIABLE } from "@proliferate-infra/backend/environment/environment";
import { backendUrl, formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { STACK_VARIABLE } from "../../options.ts";
import type { LocalFolder } from "./folder.ts";
import { LOCAL_STACK, localEnvironment, REGION } from "@proliferate-infra/backend/environment/local-names";
import type { VariableChanges } from "../../terminal/shell-exports.ts";

/** The emulator accepts any. */
const CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** Where the emulator is, for a client of the AWS SDK. */
export type EmulatorOptions = Required<Pick<ClientOptions, "endpoint" | "credentials">> & { readonly region: string };

/** Options with which a client of the AWS SDK talks to the emulator at `endpoint`. */
export function clientOptions(endpoint: string): EmulatorOptions {
  return { endpoint, region: REGION, credentials: CREDENTIALS };
}

/** With these AWS tools reach the emulator and use no file of the user. */
function emulatedAws(endpoint: string): Readonly<Record<string, string>> {
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_EC2_METADATA_DISABLED: "true",
    // A user's profile may name other endpoints, roles and regions.
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
  };
}

/**
 * Changes that turn `env` into the local environment. Every other AWS variable is removed: a profile, a session token or an
 * endpoint of a single service would lead to a real account.
 */
export function localVariables(endpoint: string, folder: LocalFolder, env: NodeJS.ProcessEnv): VariableChanges {
  const set = {
    ...emulatedAws(endpoint),
    PULUMI_BACKEND_URL: backendUrl(localEnvironment.state),
    [STATE_URL_VARIABLE]: formatStateUrl(localEnvironment.state),
    [STACK_VARIABLE]: LOCAL_STACK,
    PULUMI_STACK: LOCAL_STACK,
    PULUMI_HOME: folder.pulumiHome,
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
  const isForeign = (name: string) => name.startsWith("AWS_") && !(name in set);
  return { set, unset: Object.keys(env).filter(isForeign).sort() };
}
