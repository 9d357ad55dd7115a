import { expect } from "chai";
import fc from "fast-check";
import { escaped, markdownReport } from "@proliferate-infra/orchestrator/report/markdown";
import { sampleReport, sampleResults } from "./sample-report.ts";

describe("the report as a comment", () => {
  it("has one marker, then losses, then layers", () => {
    const text = markdownReport(sampleReport());
    expect(text.split("\n")[0]).to.equal("<!-- proliferate-rollout:prod -->");
    expect(text).to.include("## prod: up failed");
    expect(text).to.match(
      /- \*\*data: aws:rds\/instance:Instance proliferate&#45;postgres \(delete&#45;replaced\)\*\*/,
    );
    expect(text.indexOf("are lost")).to.be.lessThan(text.indexOf("| layer |"));
    expect(text).to.include("| network | succeeded | &#43;3 =41 | 20.0s |");
    expect(text).to.include("| secrets | blocked by data |");
    expect(text).to.include("2 input(s) of secrets are unknown");
    expect(text).to.include("```text\naws:rds/instance:Instance proliferate-postgres could not be created\n");
    expect(text).to.include("- gatewayUrl: `https://gateway.example.com`");
  });

  it("has no losses section without losses", () => {
    expect(markdownReport(sampleReport(sampleResults.slice(0, 1)))).not.to.include("lost");
  });

  it("escapes any text: it breaks no table, fence or line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string(), (reason, url) => {
        const [network, data, ...rest] = sampleResults;
        if (network === undefined || data === undefined) {
          throw new Error("the sample has four layers");
        }
        const report = sampleReport([network, { ...data, reason: `x${reason}` }, ...rest]);
        const lines = markdownReport(report).split("\n");
        const fences = lines.filter((line) => /^`{3,}(text)?$/.test(line));
        const [open = "", close = ""] = [fences[0], fences.at(-1)];
        expect(open).to.equal(`${close}text`);
        const safe = escaped(url);
        expect(safe).not.to.match(/[\n\r<>|*_`[\]]/);
        const decoded = safe
          .replace(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
          .replace(/&lt;/g, "<")
          .replace(/&gt;/g, ">")
          .replace(/&amp;/g, "&");
        expect(decoded).to.equal(url.replace(/\s+/g, " "));
      }),
    );
  });
});
