import { createRequire } from "node:module";

/** Fails when the installed Pulumi SDK is another version than the one that a patch was compared with. */
export function expectSdkVersion(compared: string): void {
  const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
  if (version !== compared) {
    throw new Error(
      `The SDK is ${version}, the patch is for ${compared}. Compare the two, then change the version in this test.`,
    );
  }
}
