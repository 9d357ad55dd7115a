/** Writes a line for people; never to standard output, which belongs to `--json`. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
