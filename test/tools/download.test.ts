import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { checksumOf, downloadFile, fetchText } from "@proliferate-infra/tools/lib/download.mjs";
import { DownloadUnavailable, ToolFault } from "@proliferate-infra/tools/lib/tool-fault.mjs";
import { checksumLine, hang, startDownloadSite, type DownloadSite } from "./support/download-site.ts";
import { temporaryFolder } from "./support/set-up-context.ts";

/** For what comes, and for what never does: a busy machine may be slow. */
const patient = { probeMs: 10_000, stallMs: 10_000 };
const impatient = { probeMs: 200, stallMs: 200 };
const soonMs = 5_000;
const content = Buffer.from("the file");

describe("downloads", () => {
  let site: DownloadSite;
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;
  beforeEach(async () => {
    site = await startDownloadSite();
    folder = temporaryFolder();
    file = join(folder.path, "file");
  });
  afterEach(async () => {
    await site.close();
    folder.remove();
  });

  /** What went wrong, and how long that took. */
  async function failure(download: Promise<unknown>): Promise<{ error: unknown; ms: number }> {
    const began = Date.now();
    const error: unknown = await download.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    return { error, ms: Date.now() - began };
  }
  const get = (path: string, limits = patient, checksum = "0".repeat(64)) =>
    downloadFile(`${site.address}${path}`, file, { checksum, context: { env: {}, limits } });

  it("write the file when its checksum is right", async () => {
    site.answers.set("/file", content);
    await get("/file", patient, checksumOf(checksumLine(content, "file"), "file"));
    expect(readFileSync(file)).to.deep.equal(content);
  });

  it("are checked with SHA-1 when the site publishes no other checksum", async () => {
    site.answers.set("/file", content);
    await get("/file", patient, checksumOf(checksumLine(content, "file", "sha1"), "file"));
    const { error } = await failure(get("/file", patient, "0".repeat(40)));
    expect(error).to.be.instanceOf(ToolFault);
    expect((error as Error).message).to.contain("has the wrong SHA-1 checksum");
  });

  it("with a wrong checksum are an error with both checksums; no other source is tried", async () => {
    site.answers.set("/file", content);
    const { error } = await failure(get("/file", patient, "0".repeat(64)));
    expect(error).to.be.instanceOf(ToolFault);
    expect((error as Error).message).to.contain(`${site.address}/file has the wrong SHA-256 checksum`);
    expect((error as Error).message).to.contain("0".repeat(64));
  });

  for (const [what, path, reason] of [
    ["a missing file", "/nothing", "HTTP status 404"],
    ["a server that never answers", "/hangs", "nothing came for 0.2 s"],
    ["a server that stops in the middle", "/stalls", "nothing came for 0.2 s"],
    ["a connection that breaks in the middle", "/breaks", "cannot be had"],
  ] as const) {
    it(`are unavailable, soon, with ${what}`, async () => {
      site.answers.set("/hangs", hang);
      site.answers.set("/stalls", (response) => response.write("the beginning"));
      site.answers.set("/breaks", (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("the beginning", () => response.destroy());
      });
      const { error, ms } = await failure(get(path, impatient));
      expect(error).to.be.instanceOf(DownloadUnavailable);
      expect((error as Error).message).to.contain(reason);
      expect(ms).to.be.below(soonMs);
    });
  }

  it("of a slow file continue while data arrives", async () => {
    const limits = { probeMs: 10_000, stallMs: 1_000 };
    site.answers.set("/slow", (response) => {
      let sent = 0;
      const timer = setInterval(() => {
        response.write("x");
        if (++sent === 8) {
          clearInterval(timer);
          response.end();
        }
      }, 200);
    });
    await get("/slow", limits, checksumOf(checksumLine(Buffer.from("xxxxxxxx"), "slow"), "slow"));
    expect(readFileSync(file, "utf8")).to.equal("xxxxxxxx");
  });

  it("of a small file are unavailable when the server does not respond", async () => {
    site.answers.set("/hangs", hang);
    const { error, ms } = await failure(fetchText(`${site.address}/hangs`, { env: {}, limits: impatient }));
    expect(error).to.be.instanceOf(DownloadUnavailable);
    expect((error as Error).message).to.contain("no answer in time");
    expect(ms).to.be.below(soonMs);
    const refused = await failure(fetchText("http://127.0.0.1:1/", { env: {}, limits: patient }));
    expect(refused.error).to.be.instanceOf(DownloadUnavailable);
  });

  it("leave no file after a failure", async () => {
    await failure(get("/nothing"));
    expect(existsSync(file)).to.equal(false);
  });
});

describe("a list of checksums", () => {
  const line = fc.record({
    sum: fc.stringMatching(/^([0-9a-f]{64}|[0-9a-f]{40})$/),
    name: fc.stringMatching(/^[a-z0-9.-]{1,20}$/),
    mark: fc.constantFrom("  ", " *", " ", "  ./"),
  });

  it("gives each listed file its own sum", () => {
    fc.assert(
      fc.property(fc.uniqueArray(line, { selector: ({ name }) => name, minLength: 1 }), (lines) => {
        const text = lines.map(({ sum, mark, name }) => sum + mark + name).join("\n");
        for (const { name, sum } of lines) expect(checksumOf(text, name)).to.equal(sum);
      }),
    );
  });

  it("without the file makes the download unavailable", () => {
    expect(() => checksumOf(checksumLine(content, "other"), "file")).to.throw(DownloadUnavailable, "no file");
  });
});
