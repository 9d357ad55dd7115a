import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import {
  addPlainSettings,
  missingSecrets,
  readStackFile,
  removeEncrypted,
} from "@proliferate-infra/rollout/local/stack-file";

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
    const file = readStackFile(path, PROVIDER);
    addPlainSettings(file, PROVIDER, settings);
    expect(text()).to.equal(`secretsprovider: ${PROVIDER}\nconfig:\n  aws:region: us-east-1\n  layer:flag: true\n`);
    expect(missingSecrets(file, settings).map(([key]) => key)).to.deep.equal(["layer:token"]);
  });

  it("gets what is missing and keeps the rest, comments too", () => {
    writeFileSync(path, FILE);
    const file = readStackFile(path, PROVIDER);
    addPlainSettings(file, PROVIDER, settings);
    expect(text()).to.equal(`${FILE}  layer:flag: true\n`);
    expect(missingSecrets(file, settings)).to.deep.equal([]);
    const before = text();
    addPlainSettings(readStackFile(path, PROVIDER), PROVIDER, settings);
    expect(text()).to.equal(before);
  });

  it("loses what nothing can decrypt any more, and nothing else", () => {
    writeFileSync(path, FILE);
    expect(removeEncrypted(readStackFile(path, PROVIDER))).to.equal(true);
    expect(text()).to.equal(`# a note\nsecretsprovider: ${PROVIDER}\nconfig:\n  aws:region: eu-west-1 # by hand\n`);
    expect(removeEncrypted(readStackFile(path, PROVIDER))).to.equal(false);
  });

  it("is refused when it belongs to something else", () => {
    for (const foreign of ["secretsprovider: awskms://alias/prod\n", "encryptionsalt: v1:x\n", "config: {\n"]) {
      writeFileSync(path, foreign);
      expect(() => readStackFile(path, PROVIDER), foreign).to.throw("not made for the local environment");
      expect(text()).to.equal(foreign);
    }
  });
});
