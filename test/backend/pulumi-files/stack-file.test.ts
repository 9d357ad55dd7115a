import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { withMissing, withoutEncrypted } from "@proliferate-infra/backend/pulumi-files/edit-stack-file";
import {
  configuredText,
  parseStackFile,
  readStackFile,
  readStackFileFor,
  stackFilePath,
  writeStackFile,
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

const plain = new Map<string, string | boolean>([
  ["aws:region", "us-east-1"],
  ["layer:flag", true],
]);

describe("a stack's settings file", () => {
  let root: string;
  let path: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stack-file-"));
    path = stackFilePath(root, "data", "local");
    mkdirSync(dirname(path), { recursive: true });
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const text = () => readFileSync(path, "utf8");
  const read = () => readStackFileFor(root, "data", "local", PROVIDER);
  const complete = () => writeStackFile(root, read(), withMissing(read(), { secretsProvider: PROVIDER, plain }));

  it("is created when it is missing", () => {
    expect(complete()).to.equal(true);
    expect(text()).to.equal(`secretsprovider: ${PROVIDER}\nconfig:\n  aws:region: us-east-1\n  layer:flag: true\n`);
  });

  it("gets missing values; comments and permissions do not change", () => {
    writeFileSync(path, FILE, { mode: 0o600 });
    expect(complete()).to.equal(true);
    expect(text()).to.equal(`${FILE}  layer:flag: true\n`);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(complete()).to.equal(false);
    expect(text()).to.equal(`${FILE}  layer:flag: true\n`);
  });

  it("loses only values that cannot be decrypted", () => {
    const rest = `# a note\nsecretsprovider: ${PROVIDER}\nconfig:\n  aws:region: eu-west-1 # by hand\n`;
    const after = withoutEncrypted(parseStackFile("data", "local", FILE));
    expect(after).to.equal(rest);
    expect(withoutEncrypted(parseStackFile("data", "local", after))).to.equal(rest);
  });

  it("is refused when it belongs to another program", () => {
    for (const [foreign, why] of [
      ["secretsprovider: awskms://alias/prod\n", `uses awskms://alias/prod, not ${PROVIDER}`],
      ["encryptionsalt: v1:x\n", `uses passphrase, not ${PROVIDER}`],
      ["config: {\n", "is not valid YAML"],
      ["config: []\n", "is not a stack's settings"],
    ] as const) {
      writeFileSync(path, foreign);
      expect(read, foreign).to.throw(UserError, why);
      expect(text()).to.equal(foreign);
    }
  });

  it("has a secrets provider, plain settings and encrypted settings", () => {
    const provider = () => readStackFile(root, "data", "local").provider;
    const prefix = () => configuredText(root, "data", "local", "resourcePrefix");
    expect(provider()).to.equal(undefined);
    expect(prefix()).to.equal(undefined);
    writeFileSync(path, `${FILE}  proliferate-data:resourcePrefix: abc\n`);
    expect(provider()).to.equal(PROVIDER);
    expect(prefix()).to.equal("abc");
    writeFileSync(path, "encryptionsalt: v1:x\nconfig:\n  proliferate-data:resourcePrefix:\n    secure: v1:x\n");
    expect(provider()).to.equal("passphrase");
    expect(prefix()).to.equal(undefined);
    expect([...readStackFile(root, "data", "local").encrypted.keys()]).to.deep.equal([
      "proliferate-data:resourcePrefix",
    ]);
  });
});
