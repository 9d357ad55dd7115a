/** The import order as zones of ESLint's own `no-restricted-imports`: it needs no resolver, since every import names its package or its room. */
import { separateEntries, zones } from "./import-order.mjs";

const message = "This import goes against the order in test/architecture/import-order.mjs.";

/**
 * The ways to import from a folder of the repository: by the package's name, or by a relative path that leaves the own folder.
 * @param {string} folder
 */
function specifiersOf(folder) {
  const name = folder.split("/").at(-1);
  const relative = `(\\.\\./)+${name}(/|$)`;
  return folder === "stacks" ? `^(${relative}|proliferate-)` : `^(${relative}|@proliferate-infra/${name}/)`;
}

/** @param {string} folder */
const forbiddenIn = (folder) =>
  zones
    .filter((zone) => folder === zone.folder || folder.startsWith(`${zone.folder}/`))
    .flatMap(({ forbids }) => forbids.map(specifiersOf));

/**
 * @param {string[]} files
 * @param {string[]} patterns
 * @returns {import("eslint").Linter.Config}
 */
const zone = (files, patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: patterns.map((regex) => ({ regex, message })) }] },
});

/**
 * The last zone of a file replaces the ones before it, so each has all patterns of its files.
 * @type {import("eslint").Linter.Config[]}
 */
export const importZones = [
  ...zones.map(({ folder }) => zone([folder, `${folder}/**`], forbiddenIn(folder))),
  ...separateEntries.flatMap((folder) => [
    zone([`${folder}/*/**`], [...forbiddenIn(folder), "^\\.\\./[^.]", "^proliferate-"]),
    zone([`${folder}/*.ts`], [...forbiddenIn(folder), "^\\./"]),
  ]),
];
