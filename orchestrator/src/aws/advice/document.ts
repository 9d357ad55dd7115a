/** The table of advice as docs/troubleshooting.md. Pure. */
import { adviceTable } from "./advice.ts";
import type { AdviceRow } from "./row.ts";

const HEAD = `# Troubleshooting

<!-- pnpm generate writes this file from orchestrator/src/aws/advice/; a test checks that it is current. -->

Errors of AWS that you can fix. A failed command prints the advice for its errors, with the names filled in. Credentials, sessions and
proxies: [access to AWS](aws-access.md).
`;

export function adviceDocument(): string {
  return [HEAD, ...adviceTable.map(section)].join("\n");
}

function section({ title, codes, why, fix }: AdviceRow): string {
  const errors = codes.length === 0 ? "" : `${codes.map((code) => `\`${code}\``).join(", ")}\n\n`;
  return `## ${title}\n\n${errors}${marked(why)}\n\n${fixText(fix)}\n`;
}

/** Commands in blocks of code, and what is between them as paragraphs. */
function fixText(fix: string): string {
  const lines = fix.split("\n").map((line) => (line.startsWith("  ") ? line : marked(line)));
  const inBlocks = lines.join("\n").replaceAll(/(?:^ {2}.*\n?)+/gm, (block) => {
    const commands = block.trimEnd().replaceAll(/^ {2}/gm, "");
    return `\n\`\`\`bash\n${commands}\n\`\`\`\n\n`;
  });
  return inBlocks.trim();
}

/** Placeholders as code: Markdown takes them for HTML otherwise. */
function marked(text: string): string {
  return text.replaceAll(/<\w+>/g, "`$&`");
}
