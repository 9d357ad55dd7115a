/**
 * Who may import whom. The one source of the order: eslint.config.mjs makes its zones of it (an editor shows a wrong import at once),
 * and imports.test.ts checks the resolved imports of all files (what a pattern cannot see: circles, `import()`, paths around a corner).
 */

/**
 * Each package with the packages that it may import.
 * @type {Record<string, string[]>}
 */
export const packages = {
  tools: [],
  shared: [],
  backend: ["shared"],
  policy: ["shared"],
  stacks: ["shared", "backend"],
  orchestrator: ["shared", "backend"],
  testing: ["tools", "shared", "backend", "policy", "stacks", "orchestrator"],
  bench: ["tools", "shared", "backend", "policy", "stacks", "orchestrator", "testing"],
  test: ["tools", "shared", "backend", "policy", "stacks", "orchestrator", "testing", "bench"],
};

/** The rooms of orchestrator/src from top to bottom. A room imports rooms of the lines below its own; commands do not import each other. */
const rooms = [
  ["cli.ts"],
  ["commands"],
  ["run"],
  ["options.ts"],
  ["checks"],
  ["settings", "report"],
  ["pulumi", "verify", "bootstrap"],
  ["aws", "terminal", "safety", "decide"],
  ["history", "output-relay"],
  ["model"],
];

/**
 * @typedef {object} Zone
 * @property {string} folder a folder or file of the repository
 * @property {string[]} forbids folders and files that nothing in it may import
 */

/** @type {Zone[]} */
const packageZones = Object.entries(packages).map(([folder, allowed]) => ({
  folder,
  forbids: Object.keys(packages).filter((other) => other !== folder && !allowed.includes(other)),
}));

/** @type {Zone[]} */
const roomZones = rooms.flatMap((line, index) =>
  line.map((room) => ({
    folder: `orchestrator/src/${room}`,
    forbids: rooms
      .slice(0, index + 1)
      .flat()
      .filter((other) => other !== room)
      .map((other) => `orchestrator/src/${other}`),
  })),
);

export const zones = [...packageZones, ...roomZones].filter(({ forbids }) => forbids.length > 0);

/** Folders whose entries (projects, commands) do not import each other. */
export const separateEntries = ["stacks", "orchestrator/src/commands"];

/** Imports against the order that still exist, each as "from -> to". A fixed one must leave the list. */
export const knownViolations = [
  "backend/src/storage/folder.ts -> tools/lib/lock.mjs",
  "orchestrator/src/aws/ecr.ts -> orchestrator/src/commands/release/repository.ts",
  "orchestrator/src/aws/session.ts -> orchestrator/src/bootstrap/bootstrap.ts",
  "orchestrator/src/bootstrap/environment-stacks.ts -> orchestrator/src/settings/stack-configurations.ts",
  "orchestrator/src/checks/tools.ts -> tools/lib/executables.mjs",
  "orchestrator/src/checks/tools.ts -> tools/lib/version-numbers.mjs",
  "orchestrator/src/checks/tools.ts -> tools/versions.mjs",
  "orchestrator/src/cli.ts -> tools/lib/tool-fault.mjs",
  "orchestrator/src/commands/local/actions.ts -> tools/lib/tool-fault.mjs",
  "orchestrator/src/commands/local/emulator.ts -> tools/lib/tool-fault.mjs",
  "orchestrator/src/commands/local/environment.ts -> tools/lib/lock.mjs",
  "orchestrator/src/commands/local/folder.ts -> tools/lib/cache-folders.mjs",
  "orchestrator/src/commands/local/record.ts -> tools/lib/tool-fault.mjs",
  "orchestrator/src/commands/release/container-tool.ts -> tools/lib/tool-fault.mjs",
  "orchestrator/src/commands/status.ts -> orchestrator/src/commands/history.ts",
  "orchestrator/src/decide/fingerprint.ts -> orchestrator/src/settings/stack-configurations.ts",
  "orchestrator/src/decide/layer-overviews.ts -> orchestrator/src/pulumi/version.ts",
  "orchestrator/src/pulumi/command.ts -> tools/lib/tool-fault.mjs",
  "orchestrator/src/pulumi/version.ts -> tools/lib/executables.mjs",
  "orchestrator/src/pulumi/version.ts -> tools/lib/version-numbers.mjs",
  "orchestrator/src/settings/environment-settings.ts -> orchestrator/src/commands/configure/texts.ts",
  "orchestrator/src/settings/environment-settings.ts -> tools/lib/lock.mjs",
  "shared/src/program/compile-cache.ts -> tools/lib/cache-folders.mjs",
];

/** Circles that still exist. A fixed one must leave the list. */
export const knownCircles = [
  "stacks/data/data-layer.ts -> stacks/data/postgres.ts -> stacks/data/data-layer.ts",
  "stacks/data/data-layer.ts -> stacks/data/redis.ts -> stacks/data/data-layer.ts",
  "stacks/network/flow-logs.ts -> stacks/network/network-layer.ts -> stacks/network/flow-logs.ts",
  "stacks/network/network-layer.ts -> stacks/network/security-groups.ts -> stacks/network/network-layer.ts",
  "stacks/network/network-layer.ts -> stacks/network/subnets.ts -> stacks/network/network-layer.ts",
  "stacks/network/network-layer.ts -> stacks/network/vpc-endpoints.ts -> stacks/network/network-layer.ts",
  "stacks/network/network-layer.ts -> stacks/network/vpc.ts -> stacks/network/network-layer.ts",
];
