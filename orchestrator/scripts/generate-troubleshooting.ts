/** Writes docs/troubleshooting.md from the table of advice. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { adviceDocument } from "../src/aws/advice/document.ts";

writeFileSync(join(import.meta.dirname, "../../docs/troubleshooting.md"), adviceDocument());
