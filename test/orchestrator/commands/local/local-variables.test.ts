import { expect } from "chai";
import { folderAt, localFolder } from "@proliferate-infra/orchestrator/commands/local/folder";
import { localVariables } from "@proliferate-infra/orchestrator/commands/local/variables";
import { changedEnvironment } from "@proliferate-infra/orchestrator/terminal/shell-exports";
import { loopbackEndpoint } from "@proliferate-infra/testing/emulator";

const ENDPOINT = "http://127.0.0.1:4566";

describe("variables of the local environment", () => {
  it("have the endpoint, the state and a separate Pulumi home", () => {
    const { set, unset } = localVariables(ENDPOINT, folderAt("/cache/local/1"), {});
    expect(set).to.include({
      AWS_ENDPOINT_URL: ENDPOINT,
      AWS_REGION: "us-east-1",
      AWS_EC2_METADATA_DISABLED: "true",
      PULUMI_BACKEND_URL: "s3://proliferate-pulumi-000000000000-us-east-1/local?region=us-east-1",
      ROLLOUT_STATE_URL:
        "s3://proliferate-pulumi-000000000000-us-east-1/local?region=us-east-1&dynamodb_table=pulumi-locks-000000000000-us-east-1",
      ROLLOUT_STACK: "local",
      PULUMI_STACK: "local",
      PULUMI_HOME: "/cache/local/1/pulumi-home",
    });
    expect(unset).to.deep.equal([]);
  });

  it("have no access to a real account", () => {
    const user = {
      AWS_PROFILE: "production",
      AWS_SESSION_TOKEN: "token",
      AWS_ACCESS_KEY_ID: "AKIA",
      AWS_ENDPOINT_URL_S3: "https://s3.amazonaws.com",
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: "true",
      AWS_WEB_IDENTITY_TOKEN_FILE: "/token",
      PULUMI_STACK: "prod",
      HOME: "/home/user",
    };
    const changes = localVariables(ENDPOINT, folderAt("/cache/local/1"), user);
    expect(changedEnvironment(user, changes)).to.deep.equal({ ...changes.set, HOME: "/home/user" });
    expect(changes.set.AWS_ACCESS_KEY_ID).to.equal("local");
    expect(changes.set.AWS_CONFIG_FILE).to.equal("/dev/null");
  });

  it("belong to one checkout, in the cache", () => {
    const env = { PROLIFERATE_INFRA_CACHE: "/cache" };
    const { root } = localFolder("/checkouts/one", env);
    expect(root).to.match(/^\/cache\/local\/[0-9a-f]{12}$/);
    expect(localFolder("/checkouts/one", env).root).to.equal(root);
    expect(localFolder("/checkouts/two", env).root).not.to.equal(root);
    expect(localFolder("/checkouts/one", { HOME: "/home/user" }).root).to.match(
      /^\/home\/user\/\.cache\/proliferate-infra\/local\//,
    );
  });
});

describe("engine tests", () => {
  it("accept only an endpoint on this machine", () => {
    for (const endpoint of [ENDPOINT, "http://localhost:1", "http://[::1]:1", "http://127.1.2.3"]) {
      expect(loopbackEndpoint(endpoint)).to.equal(endpoint);
    }
    for (const endpoint of [
      undefined,
      "",
      "https://s3.amazonaws.com",
      "http://127.0.0.1.example.com",
      "http://10.0.0.1",
    ]) {
      expect(() => loopbackEndpoint(endpoint), endpoint).to.throw("127.0.0.1 only");
    }
  });
});
