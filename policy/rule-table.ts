/** The rules as a table for docs/security.md. Pure. */
import { withGeneratedPart } from "@proliferate-infra/shared/aws/generated-part";
import { controls } from "./policies.ts";
import { stackRules } from "./stack-rules.ts";

/** The document with its table of rules renewed. Throws Error when it lacks the marks around the table. */
export function withRuleTable(document: string): string {
  const rows = controls.map(({ name, description, controls: ids, severity, ifProtected, exemptedBy, advisory }) => {
    const exemption = exemptedBy === undefined ? [] : [`not with \`${exemptedBy}\``];
    const where = [...(ifProtected === true ? ["protected environments"] : []), ...exemption].join(", ");
    const level = advisory === true ? "told" : "refused";
    return `| \`${name}\` | ${description} | ${ids.join(", ")} | ${severity} | ${level} | ${where} |`;
  });
  const ofStacks = stackRules.map(({ name, description }) => `| \`${name}\` | ${description} | | high | refused | |`);
  const head = [
    "| rule | what must hold | controls | severity | otherwise | where |",
    "| --- | --- | --- | --- | --- | --- |",
  ];
  return withGeneratedPart(document, "policy/", [...head, ...rows, ...ofStacks].join("\n"));
}
