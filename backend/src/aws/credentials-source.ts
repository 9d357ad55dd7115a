/** Where the SDK looks for credentials first. */
import { parseKnownFiles } from "@smithy/core/config";

/** The source that counts. Its `profile` is the one that has the credentials, after all `source_profile`. */
export type CredentialsSource =
  | { readonly kind: "variables" | "web-identity" | "none" }
  | { readonly kind: "sso" | "login" | "process" | "profile" | "missing-profile"; readonly profile: string };

/** Keys of a profile, and what they make it. The first that is there counts, as in the SDK. */
const KINDS = [
  ["sso_session", "sso"],
  ["sso_start_url", "sso"],
  ["login_session", "login"],
  ["credential_process", "process"],
] as const;

/** Reads the user's AWS files, of which the variables of `env` name the profile. */
export async function credentialsSource(env: NodeJS.ProcessEnv): Promise<CredentialsSource> {
  // The SDK takes empty variables as missing.
  const { AWS_PROFILE = "", AWS_ACCESS_KEY_ID = "", AWS_WEB_IDENTITY_TOKEN_FILE = "" } = env;
  if (AWS_PROFILE === "" && AWS_ACCESS_KEY_ID !== "") {
    return { kind: "variables" };
  }
  const profiles = await parseKnownFiles({});
  let profile = AWS_PROFILE === "" ? "default" : AWS_PROFILE;
  const seen = new Set<string>();
  for (let next = profiles[profile]?.source_profile; next !== undefined && !seen.has(profile);) {
    seen.add(profile);
    profile = next;
    next = profiles[profile]?.source_profile;
  }
  const found = profiles[profile];
  if (found === undefined) {
    const kind = AWS_WEB_IDENTITY_TOKEN_FILE === "" ? "none" : "web-identity";
    return AWS_PROFILE === "" ? { kind } : { kind: "missing-profile", profile };
  }
  if (found.web_identity_token_file !== undefined) {
    return { kind: "web-identity" };
  }
  const [, kind = "profile"] = KINDS.find(([key]) => found[key] !== undefined) ?? [];
  return { kind, profile };
}
