/** The folder that goes on PATH: one entry for each command of the chosen tools. */
import { copyFileSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { hashIngredients } from "./cache-folders.mjs";
import { installOnce } from "./install-once.mjs";

/**
 * How a command is made: a symbolic link to a program, a hard link (the command then takes this folder for its own), or
 * a script that starts a program with parameters before the caller's.
 * @typedef {{ link: string } | { hardLink: string } | { start: readonly string[] }} Command
 */

/**
 * @typedef {object} Toolchain what toolchain.json in the folder says
 * @property {string} binFolder what to put first on PATH
 * @property {readonly import("./choose-tool.mjs").ChosenTool[]} tools
 */

const description = "toolchain.json";

/**
 * @param {readonly import("./choose-tool.mjs").ChosenTool[]} tools
 * @param {Readonly<Record<string, Command>>} commands by name, or by path below the folder
 * @param {ReturnType<typeof import("./cache-folders.mjs").cacheFolders>} folders
 * @returns {Promise<Toolchain>}
 */
export async function makeBinFolder(tools, commands, folders) {
  const key = `bin-${hashIngredients({ files: [], text: JSON.stringify({ tools, commands }) })}`;
  const binFolder = join(folders.root, key);
  const toolchain = { binFolder, tools };
  await installOnce(folders, {
    key,
    files: [description, ...Object.keys(commands)],
    onWait: () => undefined, // it takes milliseconds
    make: async (folder) => {
      for (const [name, command] of Object.entries(commands)) makeCommand(join(folder, name), command);
      writeFileSync(join(folder, description), `${JSON.stringify(toolchain, undefined, 2)}\n`);
    },
  });
  return toolchain;
}

/** @param {string} file @param {Command} command */
function makeCommand(file, command) {
  mkdirSync(dirname(file), { recursive: true });
  if ("link" in command) {
    symlinkSync(command.link, file);
  } else if ("hardLink" in command) {
    try {
      linkSync(command.hardLink, file);
    } catch {
      copyFileSync(command.hardLink, file); // a file system without hard links
    }
  } else {
    const words = command.start.map(quoteForShell).join(" ");
    writeFileSync(file, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
}

/** @param {string} word @returns {string} */
export function quoteForShell(word) {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
