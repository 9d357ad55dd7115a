import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findEnvironment } from "@proliferate-infra/backend/environment/environment";
import {
  environmentFile,
  readEnvironmentFile,
  writeEnvironmentFile,
} from "@proliferate-infra/backend/environment/environment-file";
import { environmentNames } from "@proliferate-infra/backend/environment/names";
import { formatStateUrl } from "@proliferate-infra/backend/environment/state-url";
import { UserError } from "@proliferate-infra/backend/errors";
import { repositoryRoot } from "@proliferate-infra/backend/root";

describe("an environment", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "proliferate-environment-"))));
  afterEach(() => {
    rmSync(root, { recursive: true });
  });
  const names = environmentNames("123456789012", "us-east-1", "prod");
  const facts = {
    stateUrl: formatStateUrl(names.state),
    secretsProvider: names.secretsProvider,
    account: "123456789012",
    region: "us-east-1",
  };

  it("is read from its file", () => {
    writeEnvironmentFile(root, "prod", facts);
    const found = findEnvironment(root, "prod", {});
    expect(found.facts).to.deep.equal(facts);
    expect(found.state).to.deep.equal(names.state);
    expect(found.pulumiVariables).to.deep.equal({
      PULUMI_BACKEND_URL: "s3://proliferate-pulumi-123456789012-us-east-1/prod?region=us-east-1",
    });
  });

  it("is read from the variable when there is no file", () => {
    const found = findEnvironment(root, "prod", { ROLLOUT_STATE_URL: facts.stateUrl });
    expect(found.state).to.deep.equal(names.state);
    expect(found.facts).to.equal(undefined);
  });

  it("reads its passphrase from a file", () => {
    const local = { stateUrl: "file:///srv/state", secretsProvider: "passphrase", passphraseFile: "/srv/passphrase" };
    writeEnvironmentFile(root, "dev", local);
    expect(findEnvironment(root, "dev", {}).pulumiVariables).to.deep.equal({
      PULUMI_BACKEND_URL: "file:///srv/state",
      PULUMI_CONFIG_PASSPHRASE_FILE: "/srv/passphrase",
    });
  });

  it("is refused with the set-up command when it does not exist", () => {
    expect(() => findEnvironment(root, "prod", {})).to.throw(UserError, "scripts/setup-pulumi.sh --stack prod");
  });

  it("is refused when variable and file disagree", () => {
    writeEnvironmentFile(root, "prod", facts);
    const other = formatStateUrl(environmentNames("210987654321", "us-east-1", "prod").state);
    expect(() => findEnvironment(root, "prod", { ROLLOUT_STATE_URL: other })).to.throw(UserError, "has s3://");
  });

  for (const [text, fault] of [
    ["stateUrl: 5", "stateUrl: "],
    ["stateUrl: x\nsecretsProvider: y\nextra: 1", "extra"],
    ["stateUrl: x\nsecretsProvider: y\naccount: '12'", "account: must have 12 digits"],
    ["a: [", "not valid YAML"],
  ] as const) {
    it(`is refused when its file is ${JSON.stringify(text)}`, () => {
      writeEnvironmentFile(root, "prod", facts);
      writeFileSync(environmentFile(root, "prod"), text);
      expect(() => readEnvironmentFile(root, "prod")).to.throw(UserError, fault);
    });
  }

  it("has a valid example in the repository", () => {
    writeEnvironmentFile(root, "prod", facts);
    writeFileSync(environmentFile(root, "prod"), readFileSync(environmentFile(repositoryRoot, "example")));
    expect(readEnvironmentFile(root, "prod")).to.deep.equal(facts);
  });

  it("shares no state, key or lock with another environment", () => {
    const other = environmentNames("123456789012", "us-east-1", "staging");
    expect(other.state.prefix).not.to.equal(names.state.prefix);
    expect(other.keyAlias).not.to.equal(names.keyAlias);
  });
});
