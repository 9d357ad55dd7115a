import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import fc from "fast-check";
import { HtmlValidate } from "html-validate";
import { chromium, type Browser } from "playwright-core";
import { findExecutable } from "@proliferate-infra/tools/lib/executables.mjs";
import { layerEdges, svgGraph } from "@proliferate-infra/orchestrator/report/graph";
import { htmlReport } from "@proliferate-infra/orchestrator/report/html";
import { writeReports } from "@proliferate-infra/orchestrator/report/write";
import { sampleReport, sampleResults } from "./sample-report.ts";

const validator = new HtmlValidate({ extends: ["html-validate:standard"], rules: { "no-inline-style": "off" } });

const BROWSERS = ["chromium", "chromium-browser", "google-chrome"];
const browserPath = BROWSERS.map((name) =>
  findExecutable(name, { path: process.env.PATH ?? "", except: "/nowhere" }),
).find((found) => found !== undefined);

describe("the report as a page", function () {
  this.timeout(60_000);
  let graph: string;
  before(async () => (graph = await svgGraph(layerEdges())));

  it("is valid and loads no other file", async () => {
    const page = htmlReport(sampleReport(), graph);
    const { results } = await validator.validateString(page);
    expect(results.flatMap(({ messages }) => messages.map(({ message, line }) => `${line}: ${message}`))).to.deep.equal(
      [],
    );
    expect(page).not.to.match(/<script|<link|<img|@import|url\(/);
    expect(page.match(/(?:src|href)="[^"]*"/g) ?? []).to.deep.equal([]);
  });

  it("describes the result, losses first", () => {
    const page = htmlReport(sampleReport(), graph);
    for (const part of ["blocked by data", "could not be created", "never ended", "Timeline", "databaseUrl"]) {
      expect(page).to.include(part);
    }
    expect(page.indexOf("are lost")).to.be.greaterThan(0).and.lessThan(page.indexOf("<table"));
  });

  it("is valid for any text of reasons and outputs", async () => {
    const [network, data] = sampleResults;
    if (network === undefined || data === undefined) {
      throw new Error("the sample has four layers");
    }
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary" }), fc.string(), async (reason, output) => {
        const hostile = [
          { ...network, outputs: { "<b>": output } },
          { ...data, reason: `</pre><b onclick="x">${reason}` },
        ];
        const page = htmlReport(sampleReport(hostile), "<svg></svg>");
        expect(page).not.to.match(/<b[> ]/);
        expect((await validator.validateString(page)).valid).to.equal(true);
      }),
      { numRuns: 30 },
    );
  });

  it("is written atomically", async () => {
    const folder = mkdtempSync(join(tmpdir(), "reports-"));
    try {
      await writeReports(join(folder, "new"), sampleReport());
      expect(readdirSync(join(folder, "new")).sort()).to.deep.equal(["report.html", "report.json", "report.md"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  if (browserPath === undefined) {
    // A fresh machine has none, and no registry of packages has one for every system.
    process.stderr.write(
      `None of ${BROWSERS.join(", ")} is on PATH: the report's page is not looked at in a browser.\n`,
    );
    return;
  }

  describe("in a browser", () => {
    let browser: Browser;
    let folder: string;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), "reports-"));
      await writeReports(folder, sampleReport());
      browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox"] });
    });
    after(async () => {
      await browser.close();
      rmSync(folder, { recursive: true });
    });

    for (const colorScheme of ["light", "dark"] as const) {
      for (const width of [360, 1280]) {
        it(`fits ${width} pixels in the ${colorScheme}, without errors and requests`, async () => {
          const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
          const wrong: string[] = [];
          page.on("console", (message) => wrong.push(message.text()));
          page.on("pageerror", (error) => wrong.push(error.message));
          page.on("request", (request) => {
            if (!/^(file|data):/.test(request.url())) {
              wrong.push(request.url());
            }
          });
          await page.goto(pathToFileURL(join(folder, "report.html")).href);
          const overflow = await page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth",
          );
          expect(overflow).to.equal(0);
          const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
          expect(background).to.equal(colorScheme === "light" ? "rgb(255, 255, 255)" : "rgb(20, 24, 28)");
          expect(wrong).to.deep.equal([]);
          const shots = process.env.REPORT_SCREENSHOTS;
          if (shots !== undefined) {
            await page.screenshot({ path: join(shots, `report-${width}-${colorScheme}.png`), fullPage: true });
          }
          await page.close();
        });
      }
    }
  });
});
