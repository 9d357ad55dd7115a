import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { repositoryRoot } from "@proliferate-infra/backend/root";
import { recordData } from "../../stacks/data/recorded-data.ts";
import { recordNetwork } from "../../stacks/network/recorded-network.ts";
import { recordSecrets } from "../../stacks/secrets/recorded-secrets.ts";

describe("the resources that can be taken over", () => {
  it("have the names of docs/from-the-single-project.md", async () => {
    const text = readFileSync(join(repositoryRoot, "docs/from-the-single-project.md"), "utf8");
    const rows = [...text.matchAll(/^\| (?:network|data|secrets) +\| `(aws:[^`]+::[\w-]+)`(, `-2`)? /gm)];
    const documented = rows.flatMap(([, key = "", second]) => [
      key,
      ...(second === undefined ? [] : [key.replace(/-1$/, "-2")]),
    ]);
    expect(documented).to.have.length.of.at.least(13);
    const names = new Set<string>();
    for (const record of [recordNetwork, recordData, recordSecrets]) {
      const { recording } = await record();
      recording.resources.forEach(({ type, name }) => names.add(`${type}::${name}`));
    }
    expect(documented.filter((key) => !names.has(key))).to.deep.equal([]);
  });
});
