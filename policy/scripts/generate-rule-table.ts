/** Writes the table of rules to docs/security.md. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withRuleTable } from "../rule-table.ts";

const file = join(import.meta.dirname, "../../docs/security.md");
writeFileSync(file, withRuleTable(readFileSync(file, "utf8")));
