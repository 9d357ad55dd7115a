import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import {
  addPlainSettings,
  missingSecrets,
  plainSetting,
  providerOf,
  readStackFile,
  readStackFileFor,
  removeEncrypted,
} from "@proliferate-infra/backend/pulumi-files/stack-file";

const PROVIDER = "awskms://alias/example?region=us-east-1";
const FILE = `# a note
secretsprovider: ${PROVIDER}
encryptedkey: b64
config:
  aws:region: eu-west-1 # by hand
  layer:token:
    secure: v1:x
  layer:nested:
    inner:
      - secure: v1:y
`;

const settings = {
  plain: new Map<string, string | boolean>([
    ["aws:region", "us-east-1"],
    ["layer:flag", true],
  ]),
  secret: new Map([["layer:token", () => "value"]]),
};

describe("a stack's settings file", () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "stack-file-"));
    path = join(folder, "Pulumi.local.yaml");
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const text = () => readFileSync(path, "utf8");

  it("is made when there is none", () => {
    const file = readStackFileFor(path, PROVIDER);
    addPlainSettings(file, PROVIDER, settings.plain);
    expect(text()).to.equal(`secretsprovider: ${PROVIDER}\nconfig:\n  aws:region: us-east-1\n  layer:flag: true\n`);
    expect(missingSecrets(file, settings.secret).map(([key]) => key)).to.deep.equal(["layer:token"]);
  });

  it("gets what is missing and keeps the rest, comments too", () => {
    writeFileSync(path, FILE);
    const file = readStackFileFor(path, PROVIDER);
    addPlainSettings(file, PROVIDER, settings.plain);
    expect(text()).to.equal(`${FILE}  layer:flag: true\n`);
    expect(missingSecrets(file, settings.secret)).to.deep.equal([]);
    const before = text();
    addPlainSettings(readStackFileFor(path, PROVIDER), PROVIDER, settings.plain);
    expect(text()).to.equal(before);
  });

  it("loses what nothing can decrypt any more, and nothing else", () => {
    writeFileSync(path, FILE);
    expect(removeEncrypted(readStackFileFor(path, PROVIDER))).to.equal(true);
    expect(text()).to.equal(`# a note\nsecretsprovider: ${PROVIDER}\nconfig:\n  aws:region: eu-west-1 # by hand\n`);
    expect(removeEncrypted(readStackFileFor(path, PROVIDER))).to.equal(false);
  });

  it("is refused when it belongs to something else or is no YAML", () => {
    for (const [foreign, why] of [
      ["secretsprovider: awskms://alias/prod\n", `uses awskms://alias/prod, not ${PROVIDER}`],
      ["encryptionsalt: v1:x\n", `uses passphrase, not ${PROVIDER}`],
      ["config: {\n", "is not valid YAML"],
    ] as const) {
      writeFileSync(path, foreign);
      expect(() => readStackFileFor(path, PROVIDER), foreign).to.throw(UserError, why);
      expect(text()).to.equal(foreign);
    }
  });

  it("tells its provider and its plain settings", () => {
    expect(providerOf(readStackFile(path))).to.equal(undefined);
    expect(plainSetting(readStackFile(path), "aws:region")).to.equal(undefined);
    writeFileSync(path, FILE);
    expect(providerOf(readStackFile(path))).to.equal(PROVIDER);
    expect(plainSetting(readStackFile(path), "aws:region")).to.equal("eu-west-1");
    writeFileSync(path, "encryptionsalt: v1:x\n");
    expect(providerOf(readStackFile(path))).to.equal("passphrase");
  });
});
