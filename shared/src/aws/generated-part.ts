/** Replaces the generated part of a document, which is between two marks. Pure. */

const END = "<!-- End of the generated part. -->";

/**
 * Returns the document with its generated part updated.
 *
 * @param source what the part is generated from, as in the mark, such as `the catalog`
 * @throws Error when the marks are missing.
 */
export function withGeneratedPart(document: string, source: string, part: string): string {
  const begin = `<!-- pnpm generate writes this part from ${source}; a test checks that it is current. -->`;
  const [from, to] = [document.indexOf(begin), document.indexOf(END)];
  if (from < 0 || to < from) {
    throw new Error(`The marks around the part that is generated from ${source} are missing.`);
  }
  return `${document.slice(0, from)}${begin}\n\n${part}\n\n${document.slice(to)}`;
}
