import { createRequire } from "node:module";

/** Throws when the installed Pulumi SDK is not the version that a patch was checked against. */
export function expectSdkVersion(compared: string): void {
  const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };
  if (version !== compared) {
    throw new Error(
      `The SDK is ${version}, the patch is for ${compared}. Compare the two, then change the version in this test.`,
    );
  }
}
