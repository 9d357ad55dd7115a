import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { UserError } from "@proliferate-infra/backend/errors";
import { readGivenFile } from "@proliferate-infra/orchestrator/settings/given-file";

const swapped = (text: string) => Buffer.from(text, "utf16le").swap16();

describe("a file that a person names", () => {
  let path: string;
  before(() => {
    path = join(mkdtempSync(join(tmpdir(), "given-file-")), "file");
  });
  after(() => {
    rmSync(join(path, ".."), { recursive: true });
  });

  const reading = (bytes: Buffer) => {
    writeFileSync(path, bytes);
    return () => readGivenFile(path);
  };

  it("has the same text in UTF-8 with or without a byte order mark, and in UTF-16 with one", () => {
    const texts = fc.string({ unit: "grapheme" }).filter((text) => !/^\uFEFF|\0/.test(text));
    fc.assert(
      fc.property(texts, (text) => {
        const marked = `\uFEFF${text}`;
        for (const bytes of [Buffer.from(text), Buffer.from(marked), Buffer.from(marked, "utf16le"), swapped(marked)]) {
          expect(reading(bytes)()).to.equal(text);
        }
      }),
    );
  });

  it("is refused in another encoding, and when it is no text", () => {
    for (const bytes of [
      Buffer.from("PASSWORD=abc", "utf16le"),
      swapped("PASSWORD=abc"),
      Buffer.from("PASSWORD=ä", "latin1"),
      Buffer.from([0xff, 0xfe, 0, 0, 0x41, 0, 0, 0]),
      Buffer.from([0xff, 0xfe, 0x41]),
    ]) {
      expect(reading(bytes)).to.throw(UserError, /UTF-8/);
    }
  });
});
