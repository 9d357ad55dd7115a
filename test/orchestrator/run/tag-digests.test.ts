import { expect } from "chai";
import { EngineFailure, type EngineOperation } from "@proliferate-infra/orchestrator/model/layer-engine";
import { NO_CHANGES } from "@proliferate-infra/orchestrator/model/results";
import { taggingDigests, type DigestTagging } from "@proliferate-infra/orchestrator/run/tag-digests";

const hex = "0a".repeat(32);
const url = "123456789012.dkr.ecr.us-east-1.amazonaws.com/app-worker";

function fixture(changes: Partial<DigestTagging> = {}) {
  const events: string[] = [];
  const deploy: EngineOperation = (layer) => {
    events.push(`deploy ${layer}`);
    return Promise.resolve({ changes: NO_CHANGES, outputs: {}, resources: [] });
  };
  const operation = taggingDigests(deploy, {
    images: () => ({ gatewayImageTag: "v1", workerImageTag: `sha256:${hex}` }),
    outputs: () => Promise.resolve({ workerRepositoryUrl: url }),
    tag: ({ repositoryName }, digest, tag) => {
      events.push(`${repositoryName} ${digest} ${tag}`);
      return Promise.resolve();
    },
    ...changes,
  });
  return { events, run: (layer: "data" | "services") => operation(layer, () => undefined) };
}

describe("images that are deployed by digest", () => {
  it("get a tag before services are deployed", async () => {
    const { events, run } = fixture();
    await run("data");
    await run("services");
    expect(events).to.deep.equal(["deploy data", `app-worker sha256:${hex} deployed-${hex}`, "deploy services"]);
  });

  it("get none before their repository exists", async () => {
    const { events, run } = fixture({ outputs: () => Promise.resolve({}) });
    await run("services");
    expect(events).to.deep.equal(["deploy services"]);
  });

  it("are not deployed when AWS refuses the tag", async () => {
    const { events, run } = fixture({ tag: () => Promise.reject(new Error("ecr:PutImage: AccessDenied")) });
    const failure = await run("services").catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(EngineFailure).with.property("message").that.contains("ecr:PutImage");
    expect(events).to.deep.equal([]);
  });
});
