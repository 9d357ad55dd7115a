/** Generates the table of rules in docs/security.md. Pure. */
import { withGeneratedPart } from "@proliferate-infra/shared/aws/generated-part";
import { controls } from "./policies.ts";
import { stackRules } from "./stack-rules.ts";

/** Returns the document with its table of rules updated. Throws Error when the marks around the table are missing. */
export function withRuleTable(document: string): string {
  const rows = controls.map(({ name, description, controls: ids, severity, ifProtected, exemptedBy, advisory }) => {
    const exemption = exemptedBy === undefined ? [] : [`not with \`${exemptedBy}\``];
    const where = [...(ifProtected === true ? ["protected environments"] : []), ...exemption].join(", ");
    const level = advisory === true ? "warning" : "refused";
    return `| \`${name}\` | ${description} | ${ids.join(", ")} | ${severity} | ${level} | ${where} |`;
  });
  const ofStacks = stackRules.map(({ name, description }) => `| \`${name}\` | ${description} | | high | refused | |`);
  const head = [
    "| rule | requirement | controls | severity | violation | applies to |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  return withGeneratedPart(document, "policy/", [...head, ...rows, ...ofStacks].join("\n"));
}
