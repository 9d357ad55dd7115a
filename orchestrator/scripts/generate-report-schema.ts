/** Writes orchestrator/report.schema.json from the schema in the code. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { reportSchema } from "../src/report/report.ts";

writeFileSync(
  join(import.meta.dirname, "..", "report.schema.json"),
  `${JSON.stringify(z.toJSONSchema(reportSchema), null, 2)}\n`,
);
