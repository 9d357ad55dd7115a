/** Prints a line for people, to standard error: standard output belongs to `--json`. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
