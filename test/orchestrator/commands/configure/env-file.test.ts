import { expect } from "chai";
import fc from "fast-check";
import { settingOf, keysOf } from "@proliferate-infra/shared/settings/catalog";
import { layerNames } from "@proliferate-infra/shared/layers";
import { readEnvFile } from "@proliferate-infra/orchestrator/commands/configure/env-file";

const PEM = "-----BEGIN RSA PRIVATE KEY-----\nTUlJRXBBSUJBQUtDQVFF\n-----END RSA PRIVATE KEY-----";

const FILE = "answers.env";
const read = (...lines: readonly string[]) => readEnvFile(FILE, lines.join("\n"));
const valueOf = (line: string) => read(line).values.get("anthropicApiKey");

describe("an answers file", () => {
  it("is read by variables and by keys' names, with comments, quotes and several lines", () => {
    const { values, ignored, empty, faults } = read(
      "# settings",
      "NEXT_PUBLIC_APP_URL=https://app.example.com   # where people go",
      "export resourcePrefix='abc'",
      `GITHUB_APP_PRIVATE_KEY="${PEM}"`,
      "NODE_ENV=production",
      "E2B_DOMAIN=",
      "aws:region=eu-west-1",
    );
    expect(faults).to.deep.equal([]);
    expect(Object.fromEntries(values)).to.deep.equal({
      "aws:region": "eu-west-1",
      appUrl: "https://app.example.com",
      resourcePrefix: "abc",
      githubAppPrivateKey: PEM,
    });
    expect(ignored).to.deep.equal(["NODE_ENV"]);
    expect(empty).to.deep.equal(["E2B_DOMAIN"]);
  });

  it("may have one key twice with equal values, as services do", () => {
    const same = read("LITELLM_MASTER_KEY=sk-0123456789abcdef0123", "LLM_PROXY_MASTER_KEY=sk-0123456789abcdef0123");
    expect(same.values.get("llmProxyMasterKey")).to.equal("sk-0123456789abcdef0123");
    expect(same.faults).to.deep.equal([]);
  });

  it("is refused when it gives one key different values, under one name or two", () => {
    const [first, second] = ["sk-canary-0123456789-one", "sk-canary-0123456789-two"];
    for (const other of ["LITELLM_MASTER_KEY", "LLM_PROXY_MASTER_KEY"]) {
      const { faults } = read(`LITELLM_MASTER_KEY=${first}`, "", `${other}=${second}`);
      expect(faults).to.have.length(1);
      expect(faults[0])
        .to.include(FILE)
        .and.include("line 1")
        .and.include(`line 3 (${other})`)
        .and.not.match(/canary/);
    }
  });

  it("names file, line and variable of a value that programs read differently, never the value", () => {
    const { values, faults } = read(
      "dbPassword=canary4#Efgh5678",
      "ANTHROPIC_API_KEY=#canary",
      "EMAIL_FROM=a@example.com # sender",
      'extraSecrets={"A":"canary#c"}',
      'gatewayExtraSecrets={"A":"canary #c"}',
      "BETTER_AUTH_SECRET=${canary}0123456789012345678901234567890123456789",
      'GATEWAY_JWT_SECRET="canary$canary01234567890123456789012345678901"',
      'RESEND_API_KEY="C:\\canary"',
      "AUTUMN_API_KEY='canary'more",
      "resourcePrefix=CANARY",
      "E2B_API_KEY='canary",
    );
    const keys = `dbPassword ANTHROPIC_API_KEY extraSecrets gatewayExtraSecrets BETTER_AUTH_SECRET GATEWAY_JWT_SECRET
      RESEND_API_KEY AUTUMN_API_KEY resourcePrefix E2B_API_KEY`.split(/\s+/);
    const lines = [1, 2, 4, 5, 6, 7, 8, 9, 10, 11];
    const expected = lines.map((line, index) => `${FILE}, line ${line}: ${keys[index]}`);
    expect(new Set(faults.map((fault) => fault.split(" ", 4).join(" ")))).to.deep.equal(new Set(expected));
    expect(faults.join("\n")).not.to.match(/canary/i);
    expect(Object.fromEntries(values)).to.include({ emailFrom: "a@example.com" });
  });

  it("does not refuse variables that are no settings", () => {
    const { faults, ignored } = read("NODE_OPTIONS=$HOME#x", "ANTHROPIC_API_KEY=key");
    expect(faults).to.deep.equal([]);
    expect(ignored).to.deep.equal(["NODE_OPTIONS"]);
  });

  it("is refused when it is of another kind, or sets nothing", () => {
    const json = JSON.stringify({ ANTHROPIC_API_KEY: "canary", list: ["a=b"] }, undefined, 2);
    for (const text of ["", "\n# nothing\n", json, "canary", "E2B_DOMAIN=", "NODE_ENV=canary"]) {
      const { faults, values } = readEnvFile(FILE, text);
      expect(faults.join(), text)
        .to.include(FILE)
        .and.not.match(/canary/);
      expect(values.size).to.equal(0);
    }
  });

  it("is refused for a single line that is no assignment, with its number", () => {
    expect(read("ANTHROPIC_API_KEY=key", "appUrl=https://a.example.com", "canary").faults).to.deep.equal([
      `${FILE}, line 3: is not NAME=value`,
    ]);
  });

  const wholeLines = PEM.split("\n");
  for (const [how, line] of [
    ["in one line and double quotes", `"${wholeLines.join("\\n")}"`],
    ["in one line and single quotes", `'${wholeLines.join("\\n")}'`],
    ["in one line without quotes", wholeLines.join("\\n")],
    ["with CRLF", `"${wholeLines.join("\r\n")}\r\n"`],
    ["of several lines in single quotes", `'${PEM}\n'`],
  ] as const) {
    it(`reads a PEM key ${how}`, () => {
      const { values, faults } = read(`GITHUB_APP_PRIVATE_KEY=${line}`, "ANTHROPIC_API_KEY=key");
      expect(faults).to.deep.equal([]);
      expect(values.get("githubAppPrivateKey")).to.equal(PEM);
      expect(values.get("anthropicApiKey")).to.equal("key");
    });
  }

  it("refuses a PEM key of several lines without quotes, or with an open one, once", () => {
    for (const quote of ["", "'", '"']) {
      const { faults, values } = read(
        `GITHUB_APP_PRIVATE_KEY=${quote}${PEM}`,
        "ANTHROPIC_API_KEY=key",
        "E2B_API_KEY=''",
      );
      expect(faults).to.have.length(1);
      expect(faults[0]).to.include("line 1: GITHUB_APP_PRIVATE_KEY");
      expect(values.get("anthropicApiKey")).to.equal("key");
    }
  });

  const printable = fc.string({ minLength: 1, unit: "grapheme-ascii" }).filter((value) => /\S/.test(value));
  const lineEnds = fc.constantFrom("\n", "\r\n");

  it("reads every text in single quotes that contains none, and every text in double quotes with escapes", () => {
    fc.assert(
      fc.property(printable, lineEnds, (text, end) => {
        const single = text.replaceAll("'", "");
        fc.pre(/\S/.test(single));
        expect(valueOf(`ANTHROPIC_API_KEY='${single}'${end}`)).to.equal(single);
        const double = text.replaceAll(/[\\"$]/g, "\\$&");
        expect(valueOf(`ANTHROPIC_API_KEY="${double}" # why${end}`)).to.equal(text);
      }),
    );
  });

  it("reads a value without quotes whole, or refuses it", () => {
    fc.assert(
      fc.property(printable, lineEnds, (text, end) => {
        fc.pre(!/^\s*["'`]/.test(text));
        const { values, faults } = read(`ANTHROPIC_API_KEY=${text}${end}`);
        const expected = text.replace(/\s#.*$/, "").trim();
        if (faults.length === 0) {
          expect(values.get("anthropicApiKey")).to.equal(expected);
        } else {
          expect(text).to.match(/#|\$/);
        }
      }),
    );
  });

  it("is unambiguous: no two keys share a variable", () => {
    const keys = new Set(layerNames.flatMap((layer) => keysOf(layer)));
    const variables = [...keys].map((key) => settingOf(key).variable).filter((name) => name !== undefined);
    expect(new Set(variables).size).to.equal(variables.length);
  });
});
