import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { digest } from "@proliferate-infra/backend/digest";
import { UserError } from "@proliferate-infra/backend/errors";
import { stackFilePath } from "@proliferate-infra/backend/pulumi-files/stack-file";
import { fileObjectStore } from "@proliferate-infra/backend/storage/folder";
import { layerNames, type LayerName } from "@proliferate-infra/shared/layers";
import {
  differingKeys,
  relationOf,
  SettingsSharing,
  type SettingsTexts,
} from "@proliferate-infra/orchestrator/settings/shared-settings";
import { failureOf } from "@proliferate-infra/testing/failure";
import { TemporaryCheckout } from "@proliferate-infra/testing/temporary-checkout";

const STACK = "trial";
const by = { user: "ann", host: "laptop", ciUrl: null };

const texts = fc.dictionary(fc.constantFrom(...layerNames), fc.constantFrom("a", "b", "c"), {
  noNullPrototype: true,
}) as fc.Arbitrary<SettingsTexts>;
const baseOf = (seen: SettingsTexts): SettingsTexts =>
  Object.fromEntries(Object.entries(seen).map(([layer, text]) => [layer, digest(text)]));

describe("the relation of settings to the published ones", () => {
  it("is current after they were published or pulled", () => {
    fc.assert(
      fc.property(texts, (own) => {
        expect(relationOf(own, baseOf(own), own)).to.equal("current");
        expect(relationOf(own, {}, own)).to.equal("current");
        expect(relationOf(own, baseOf(own), undefined)).to.equal("unshared");
      }),
    );
  });

  it("names who has changed them since", () => {
    fc.assert(
      fc.property(texts, texts, texts, (own, seen, shared) => {
        const changed = (now: SettingsTexts, layer: LayerName) => digest(now[layer]) !== digest(seen[layer]);
        const differing = layerNames.filter(
          (layer) => own[layer] !== undefined && shared[layer] !== undefined && own[layer] !== shared[layer],
        );
        const relation = relationOf(own, baseOf(seen), shared);
        const here = differing.some((layer) => changed(own, layer));
        const there = differing.some((layer) => changed(shared, layer));
        const expected = here && there ? "diverged" : here ? "ahead" : there ? "behind" : "current";
        expect(relation).to.equal(expected);
      }),
    );
  });

  it("names the keys that differ, and no value", () => {
    const file = (value: string) =>
      `config:\n  proliferate-services:gatewayImageTag: ${value}\n  aws:region: us-east-1\n`;
    const secret = (text: string) => `config:\n  proliferate-data:dbPassword:\n    secure: ${text}\n`;
    const own = { services: file("v1"), data: secret("v1:a:b") };
    expect(
      differingKeys(STACK, own, { services: file("v2"), data: secret("v1:a:c"), network: "config: {}" }),
    ).to.deep.equal(["proliferate-data:dbPassword", "proliferate-services:gatewayImageTag"]);
    expect(differingKeys(STACK, own, own)).to.deep.equal([]);
  });
});

describe("settings that are shared beside the state", () => {
  let ann: TemporaryCheckout;
  let ben: TemporaryCheckout;
  beforeEach(() => {
    ann = new TemporaryCheckout();
    ben = new TemporaryCheckout();
  });
  afterEach(() => {
    ann.remove();
    ben.remove();
  });

  const sharingOf = ({ root }: TemporaryCheckout) =>
    new SettingsSharing(root, STACK, fileObjectStore(join(ann.folder, "state")));
  const write = ({ root }: TemporaryCheckout, layer: LayerName, value: string) => {
    const path = stackFilePath(root, layer, STACK);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `config:\n  proliferate-${layer}:resourcePrefix: ${value}\n`);
  };

  it("keep the layers that a checkout does not have", async () => {
    write(ann, "network", "abc");
    await sharingOf(ann).publish({ by, facts: null });
    write(ben, "data", "abc");
    await sharingOf(ben).publish({ by, facts: null });
    expect(Object.keys((await sharingOf(ann).shared())?.texts ?? {}).sort()).to.deep.equal(["data", "network"]);
  });

  it("are refused when another user has published others, with the keys and both commands", async () => {
    write(ann, "network", "abc");
    await sharingOf(ann).publish({ by, facts: null });
    write(ben, "network", "def");
    const failure = await failureOf(sharingOf(ben).requireCurrent());
    expect(failure).instanceOf(UserError);
    expect(failure.message)
      .to.contain("proliferate-network:resourcePrefix")
      .and.contain(`scripts/configure.sh pull --stack ${STACK} --force`)
      .and.contain(`scripts/configure.sh push --stack ${STACK}`);
    await sharingOf(ben).publish({ by, facts: null });
    expect((await failureOf(sharingOf(ann).requireCurrent())).message).not.to.contain("--force");
  });

  it("are read once for a deployment, and not published over what others have published since", async () => {
    write(ann, "network", "abc");
    await sharingOf(ann).publish({ by, facts: null });
    const store = fileObjectStore(join(ann.folder, "state"));
    let reads = 0;
    const counting = {
      ...store,
      get: (key: string) => {
        reads += 1;
        return store.get(key);
      },
    };
    const deployment = new SettingsSharing(ann.root, STACK, counting);
    await deployment.requireCurrent();
    write(ann, "data", "abc");
    await deployment.publish({ by, facts: null });
    expect(reads).to.equal(1);

    await deployment.requireCurrent();
    write(ben, "secrets", "abc");
    await sharingOf(ben).publish({ by, facts: null });
    write(ann, "data", "def");
    expect((await failureOf(deployment.publish({ by, facts: null }))).message).to.contain("Others publish");
    expect((await sharingOf(ann).shared())?.texts).to.have.all.keys("network", "data", "secrets");
  });

  it("are current when only a comment and a default that is written out differ", async () => {
    write(ann, "network", "abc");
    await sharingOf(ann).publish({ by, facts: null });
    write(ben, "network", "abc # ours\n  proliferate-network:gatewayPort: 8787");
    expect(await sharingOf(ben).requireCurrent()).to.have.property("network");
    write(ben, "network", "abc\n  proliferate-network:gatewayPort: 9000");
    expect((await failureOf(sharingOf(ben).requireCurrent())).message).to.contain("proliferate-network:gatewayPort");
  });

  it("do not replace a file that is not YAML: it is refused, without its text", async () => {
    write(ann, "network", "abc");
    await sharingOf(ann).publish({ by, facts: null });
    write(ben, "network", "[canary");
    expect(sharingOf(ben).relation(await sharingOf(ben).shared())).to.equal("diverged");
    const failure = await failureOf(sharingOf(ben).requireCurrent());
    expect(failure).instanceOf(UserError);
    expect(failure.message).to.contain("stacks/network/Pulumi.trial.yaml").and.not.contain("canary");
  });

  it("from another version are refused without showing them", async () => {
    const store = fileObjectStore(join(ann.folder, "state"));
    await store.putIf(
      `.rollout/${STACK}/settings.json`,
      JSON.stringify({ schemaVersion: 2, texts: "canary" }),
      undefined,
    );
    const failure = await failureOf(sharingOf(ann).shared());
    expect(failure).instanceOf(UserError);
    expect(failure.message).to.contain("settings.json").and.not.contain("canary");
  });
});
