import { expect } from "chai";
import fc from "fast-check";
import { compareVersions, fits, formatVersion, parseVersion } from "@proliferate-infra/tools/lib/version-numbers.mjs";

const version = fc.record({
  major: fc.nat(999),
  minor: fc.nat(999),
  patch: fc.nat(999),
  prerelease: fc.boolean(),
});

describe("version numbers", () => {
  for (const [text, expected] of [
    ["v3.259.0", "3.259.0"],
    ["go version go1.26.8 linux/amd64", "1.26.8"],
    ["Python 3.11.7", "3.11.7"],
    ["go1.26", "1.26.0"],
    ["ShellCheck - shell script analysis tool\nversion: 0.11.0", "0.11.0"],
    ["3.260.0-alpha.1", "3.260.0-prerelease"],
  ] as const) {
    it(`finds ${expected} in "${text}"`, () => {
      const found = parseVersion(text);
      expect(found && formatVersion(found)).to.equal(expected);
    });
  }

  it("returns undefined without a version number", () => {
    expect(parseVersion("command not found")).to.equal(undefined);
  });

  it("parses what it formats", () => {
    fc.assert(
      fc.property(version, (one) => {
        expect(parseVersion(formatVersion(one))).to.deep.equal({ ...one });
      }),
    );
  });

  it("orders totally: antisymmetric, transitive, and 0 only for equals", () => {
    fc.assert(
      fc.property(version, version, version, (a, b, c) => {
        expect(Math.sign(compareVersions(a, b))).to.equal(0 - Math.sign(compareVersions(b, a)));
        if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) expect(compareVersions(a, c)).to.be.at.most(0);
        expect(compareVersions(a, b) === 0).to.equal(formatVersion(a) === formatVersion(b));
      }),
    );
  });

  it("fits from the lower bound, included, to the upper, excluded; never a prerelease", () => {
    const range = { from: "22.18.0", below: "25.0.0" };
    const fitting = (text: string) => {
      const parsed = parseVersion(text);
      return parsed !== undefined && fits(parsed, range);
    };
    expect(["22.18.0", "24.99.99"].filter(fitting)).to.have.length(2);
    expect(["22.17.9", "25.0.0", "24.0.0-rc.1", "20.20.2"].filter(fitting)).to.deep.equal([]);
  });
});
