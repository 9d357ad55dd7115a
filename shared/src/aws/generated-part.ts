/** The part of a document that is generated, between two marks. Pure. */

const END = "<!-- End of what is generated. -->";

/**
 * The document with its generated part renewed.
 *
 * @param source what the part comes from, as the mark names it, such as `the catalog`
 * @throws Error when the document lacks the marks.
 */
export function withGeneratedPart(document: string, source: string, part: string): string {
  const begin = `<!-- What follows is generated from ${source} by pnpm generate; a test keeps it current. -->`;
  const [from, to] = [document.indexOf(begin), document.indexOf(END)];
  if (from < 0 || to < from) {
    throw new Error(`The document lacks the marks around what is generated from ${source}.`);
  }
  return `${document.slice(0, from)}${begin}\n\n${part}\n\n${document.slice(to)}`;
}
