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
  ["command-line"],
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
