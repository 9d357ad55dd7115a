/** The options below `runtime` in Pulumi.yaml that this project uses, with the official host's meaning. */

/** @typedef {{ typescript: boolean, nodeArguments: string[] }} RuntimeOptions */

/** Options that the official host knows and this one does not have to. */
const ignored = ["packagemanager"];

/**
 * @param {Readonly<Record<string, unknown>>} options
 * @returns {RuntimeOptions} `typescript` (default true): the SDK compiles; `nodeargs` (default none): for node itself
 * @throws {Error} for an option that would be ignored silently
 */
export function readRuntimeOptions({ typescript = true, nodeargs = "", ...others }) {
  const unknown = Object.keys(others).filter((name) => !ignored.includes(name));
  if (unknown.length > 0) {
    throw new Error(
      `Pulumi.yaml: this language host knows no runtime option ${unknown.join(", ")}, only typescript and nodeargs`,
    );
  }
  if (typeof typescript !== "boolean") throw new Error(`Pulumi.yaml: runtime option typescript must be true or false`);
  if (typeof nodeargs !== "string") throw new Error("Pulumi.yaml: runtime option nodeargs must be one text");
  return { typescript, nodeArguments: splitWords(nodeargs) };
}

/** @param {string} text @returns {string[]} words between blanks; quotes keep blanks together */
export function splitWords(text) {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? "",
  );
}
