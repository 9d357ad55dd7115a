/** Clients of the SDK behind a proxy. The hosts of these tests do not exist: only the proxy reaches anything. */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { expect } from "chai";
import { awsClient, type ClientOptions } from "@proliferate-infra/backend/aws/client";
import { UserError } from "@proliferate-infra/backend/errors";
import { startForwardProxy, type ForwardProxy } from "@proliferate-infra/testing/forward-proxy";
import { withVariables } from "@proliferate-infra/testing/process-variables";
import { createAuthority, issueServerCertificate } from "../../drivers/support/certificates.ts";

const HOST = "aws.test";
const CREDENTIALS = { accessKeyId: "test", secretAccessKey: "test" };

describe("a client of the AWS SDK", () => {
  const authority = createAuthority("Authority of a proxy");
  let folder: string;
  let bundle: string;
  let server: Server;
  let port: number;
  let proxy: ForwardProxy;
  let restore: () => void;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "aws-client-"));
    bundle = join(folder, "authorities.pem");
    writeFileSync(bundle, authority.certificate);
    const { certificate: cert, privateKey: key } = issueServerCertificate(authority, HOST);
    server = createServer({ cert, key }, (_request, response) => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" }).end('{"TableNames":["locks"]}');
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    port = (server.address() as AddressInfo).port;
  });

  beforeEach(async () => {
    const hosts = [HOST, "portal.sso.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com"];
    const routes = hosts.map((host) => [`${host}:443`, `127.0.0.1:${port}`] as const);
    proxy = await startForwardProxy(undefined, Object.fromEntries(routes));
    restore = withVariables({ HOME: folder, AWS_EC2_METADATA_DISABLED: "true" });
  });

  afterEach(async () => {
    restore();
    await proxy.close();
  });

  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  /** Names of tables, or the error, with these environment variables. */
  async function tables(variables: NodeJS.ProcessEnv, options: ClientOptions): Promise<unknown> {
    Object.assign(process.env, variables);
    const client = awsClient(DynamoDBClient, { region: "eu-west-1", maxAttempts: 1, ...options });
    try {
      return (await client.send(new ListTablesCommand())).TableNames;
    } catch (error) {
      return error;
    } finally {
      client.destroy();
    }
  }

  const endpoint = `https://${HOST}`;
  const here = { endpoint, credentials: CREDENTIALS };

  it("uses HTTPS_PROXY, and trusts AWS_CA_BUNDLE", async () => {
    expect(await tables({ HTTPS_PROXY: proxy.address, AWS_CA_BUNDLE: bundle }, here)).to.deep.equal(["locks"]);
    expect(proxy.asked).to.deep.equal([`CONNECT ${HOST}:443`]);
  });

  it("does not trust an authority that no variable names", async () => {
    expect(await tables({ https_proxy: proxy.address }, here)).to.match(/certificate/);
  });

  it("trusts AWS_CA_BUNDLE without a proxy", async () => {
    const direct = { endpoint: `https://localhost:${port}`, credentials: CREDENTIALS };
    expect(String(await tables({}, direct))).to.match(/certificate/);
    expect(String(await tables({ AWS_CA_BUNDLE: bundle }, direct)))
      .to.contain("altnames")
      .and.contain(HOST);
  });

  it("does not use the proxy for hosts in NO_PROXY, and for this machine", async () => {
    const variables = { HTTPS_PROXY: proxy.address, AWS_CA_BUNDLE: bundle };
    expect(await tables({ ...variables, NO_PROXY: ".test" }, here)).to.be.instanceOf(Error);
    await tables(variables, { ...here, endpoint: `https://127.0.0.1:${port}` });
    expect(proxy.asked).to.deep.equal([]);
  });

  it("gets the credentials of SSO through the proxy", async () => {
    const cache = join(folder, ".aws/sso/cache");
    mkdirSync(cache, { recursive: true });
    const token = { accessToken: "test", expiresAt: new Date(Date.now() + 3_600_000).toISOString() };
    writeFileSync(join(cache, `${createHash("sha1").update("company").digest("hex")}.json`), JSON.stringify(token));
    const AWS_CONFIG_FILE = join(folder, "config");
    const lines = [
      "[default]",
      ...["sso_session = company", "sso_account_id = 111122223333", "sso_role_name = Deployer"],
      "[sso-session company]",
      ...["sso_start_url = https://company.awsapps.com/start", "sso_region = eu-west-1"],
    ];
    writeFileSync(AWS_CONFIG_FILE, lines.join("\n"));
    expect(await tables({ HTTPS_PROXY: proxy.address, AWS_CONFIG_FILE }, { endpoint })).to.be.instanceOf(Error);
    expect(proxy.asked[0]).to.equal("CONNECT portal.sso.eu-west-1.amazonaws.com:443");
  });

  it("gets the credentials of a web identity through the proxy", async () => {
    const AWS_WEB_IDENTITY_TOKEN_FILE = join(folder, "token");
    writeFileSync(AWS_WEB_IDENTITY_TOKEN_FILE, "test");
    const identity = { AWS_WEB_IDENTITY_TOKEN_FILE, AWS_ROLE_ARN: "arn:aws:iam::111122223333:role/deployer" };
    expect(await tables({ HTTPS_PROXY: proxy.address, ...identity }, { endpoint })).to.be.instanceOf(Error);
    expect(proxy.asked[0]).to.equal("CONNECT sts.eu-west-1.amazonaws.com:443");
  });

  it("refuses variables that name no proxy and no readable file, without the value of a proxy", () => {
    for (const address of ["ftp://user:canary@proxy:21", "http://user:canary@:0:0"]) {
      process.env.HTTPS_PROXY = address;
      expect(() => awsClient(DynamoDBClient, here))
        .to.throw(UserError, "HTTPS_PROXY")
        .with.property("message")
        .that.does.not.contain("canary");
    }
    restore();
    process.env.AWS_CA_BUNDLE = join(folder, "missing.pem");
    expect(() => awsClient(DynamoDBClient, here)).to.throw(UserError, "AWS_CA_BUNDLE");
  });
});
