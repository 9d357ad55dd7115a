/** Prints a line for people, to standard error: standard output belongs to `--json`. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Prints a JSON document to standard output. */
export function printDocument(document: object): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Prints a command's result to standard output: the document with `--json`, else the text. */
export function printResult(json: boolean | undefined, document: object, text: string): void {
  if (json === true) {
    printDocument(document);
  } else {
    process.stdout.write(`${text}\n`);
  }
}
