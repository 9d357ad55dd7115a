/** The SDK's own errors for each way to configure credentials, without a network. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { awsClient } from "@proliferate-infra/backend/aws/client";
import { credentialsFault, isOfCredentials } from "@proliferate-infra/backend/aws/credentials-fault";
import type { Fault } from "@proliferate-infra/backend/fault";
import { withVariables } from "@proliferate-infra/testing/process-variables";

const ROLE = "arn:aws:iam::111122223333:role/deployer";
const sso = ["sso_account_id = 111122223333", "sso_role_name = Deployer"];

const CONFIG = [
  ...["[profile base]", "aws_access_key_id = AKIAIOSFODNN7EXAMPLE", "aws_secret_access_key = test"],
  ...["[profile mfa]", `role_arn = ${ROLE}`, "source_profile = base", "mfa_serial = arn:aws:iam::111122223333:mfa/ann"],
  ...["[profile company]", "sso_session = company", ...sso],
  ...["[sso-session company]", "sso_start_url = https://company.awsapps.com/start", "sso_region = eu-west-1"],
  ...["[profile old-sso]", "sso_start_url = https://company.awsapps.com/start", "sso_region = eu-west-1", ...sso],
  ...["[profile role-by-sso]", `role_arn = ${ROLE}`, "source_profile = company"],
  ...["[profile console]", "login_session = arn:aws:iam::111122223333:user/ann"],
  ...["[profile vault]", "credential_process = false"],
  ...["[profile pod]", `role_arn = ${ROLE}`, "web_identity_token_file = /nonexistent/token"],
].join("\n");

describe("the fault of credentials", () => {
  let folder: string;
  let restore: () => void;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "aws-config-"));
    writeFileSync(join(folder, "config"), CONFIG);
  });

  beforeEach(() => {
    restore = withVariables({
      ...{ HOME: folder, PATH: process.env.PATH, AWS_EC2_METADATA_DISABLED: "true" },
      ...{ AWS_CONFIG_FILE: join(folder, "config"), AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials") },
    });
  });

  afterEach(() => {
    restore();
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  async function faultWith(variables: NodeJS.ProcessEnv): Promise<Fault> {
    Object.assign(process.env, variables);
    const client = awsClient(DynamoDBClient, { region: "eu-west-1" });
    const error: unknown = await client.config.credentials().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    client.destroy();
    if (!(error instanceof Error)) {
      throw new Error("The credentials were found.");
    }
    return credentialsFault(error, process.env);
  }

  for (const [profile, message, fix] of [
    ["mfa", "MFA", "aws configure export-credentials --profile mfa --format env"],
    ["company", "no AWS credentials", "aws sso login --profile company"],
    ["old-sso", "no AWS credentials", "aws sso login --profile old-sso"],
    ["role-by-sso", "no AWS credentials", "aws sso login --profile company"],
    ["console", "no AWS credentials", "aws login --profile console"],
    ["vault", "no AWS credentials", "aws configure get credential_process --profile vault"],
    ["pod", "/nonexistent/token", "AWS_WEB_IDENTITY_TOKEN_FILE"],
    ["nobody", "no AWS credentials", "aws configure list-profiles"],
  ] as const) {
    it(`of the profile ${profile} has ${fix}`, async () => {
      const fault = await faultWith({ AWS_PROFILE: profile });
      expect(fault.message).to.contain(message);
      expect(fault.fix).to.contain(fix);
    });
  }

  it("of a web identity names the variables of its token and role", async () => {
    const fault = await faultWith({ AWS_WEB_IDENTITY_TOKEN_FILE: "/nonexistent/token", AWS_ROLE_ARN: ROLE });
    expect(fault.message).to.contain("/nonexistent/token");
    expect(fault.fix).to.contain("AWS_WEB_IDENTITY_TOKEN_FILE").and.contain("AWS_ROLE_ARN");
  });

  it("without any configuration has both ways to log in", async () => {
    const fault = await faultWith({});
    expect(fault.message).to.contain("no AWS credentials");
    expect(fault.fix).to.contain("aws sso login").and.contain("aws configure");
  });

  for (const [name, text, message, fix] of [
    ["ExpiredToken", "The security token has expired", "have expired", "unset AWS_ACCESS_KEY_ID"],
    ["InvalidClientTokenId", "not valid", "does not accept", "nothing renews those"],
    ["AccessDenied", `not authorized to perform: sts:AssumeRole on ${ROLE}`, "the role", "trust policy"],
    ["AccessDenied", "not authorized to perform: s3:GetObject", "s3:GetObject", "--print-iam"],
    ["TimeoutError", "no answer", "cannot be asked", "HTTPS_PROXY"],
  ] as const) {
    it(`of variables, at ${name}: ${text}, has ${fix}`, async () => {
      process.env.AWS_ACCESS_KEY_ID = "a";
      const error = Object.assign(new Error(text), { name });
      const fault = await credentialsFault(error, process.env);
      expect(fault.message).to.contain(message);
      expect(fault.fix).to.contain(fix);
      expect(isOfCredentials(error)).to.equal(name !== "TimeoutError");
    });
  }
});
