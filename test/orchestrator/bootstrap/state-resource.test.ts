import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { describeItems } from "@proliferate-infra/orchestrator/bootstrap/plan-item";
import {
  completeResource,
  planResource,
  type Found,
  type StateResource,
} from "@proliferate-infra/orchestrator/bootstrap/state-resource";
import { failureOf } from "@proliferate-infra/testing/failure";

interface Facts {
  readonly isReady: boolean;
  readonly isMet: boolean;
}

/** A resource that shows one of these after the other, the last one again and again. */
function resourceOf(shown: readonly Found<Facts>[]): { resource: StateResource<Facts>; done: readonly string[] } {
  const done: string[] = [];
  const left = [...shown];
  const note = (what: string) => () => {
    done.push(what);
    return Promise.resolve();
  };
  const resource: StateResource<Facts> = {
    what: "thing",
    name: "name",
    read: () => Promise.resolve((left.length > 1 ? left.shift() : left[0]) ?? { status: "absent" }),
    refusals: () => [],
    isReady: ({ isReady }) => isReady,
    requirements: [
      { text: "fix it", isMet: ({ isMet }) => isMet, fix: note("fix") },
      { text: "leave it", isMet: () => true, fix: note("leave") },
    ],
    create: note("create"),
  };
  return { resource, done };
}
const present = (isReady: boolean, isMet: boolean): Found<Facts> => ({ status: "present", facts: { isReady, isMet } });

describe("a resource of the state", () => {
  it("has a plan with every change", () => {
    const { resource } = resourceOf([]);
    const created = planResource(resource, { status: "absent" });
    expect(created).to.deep.include({ action: "create", details: ["fix it", "leave it"] });
    expect(describeItems([created]).split("\n")).to.have.length(3);
    const fixed = planResource(resource, present(true, false));
    expect(fixed).to.deep.include({ action: "fix", details: ["fix it"] });
    expect(describeItems([fixed])).to.contain("name: fix it");
  });

  it("is created, then changed where its properties are wrong", async () => {
    const { resource, done } = resourceOf([
      { status: "absent" },
      present(true, false),
      present(true, false),
      present(true, true),
    ]);
    expect(await completeResource(resource)).to.deep.equal({ isReady: true, isMet: true });
    expect(done).to.deep.equal(["create", "fix"]);
  });

  it("is not changed when its properties are correct", async () => {
    const { resource, done } = resourceOf([present(false, false), present(true, true)]);
    await completeResource(resource);
    expect(done).to.deep.equal([]);
  });

  it("does not change when it cannot be used; all reasons are reported", async () => {
    const { resource, done } = resourceOf([{ status: "unusable", reasons: ["is far away", "is shut"] }]);
    const failure = await failureOf(completeResource(resource));
    expect(failure).instanceOf(UserError);
    expect(failure.message.split("\n")).to.deep.equal(["The thing name is far away.", "The thing name is shut."]);
    expect(done).to.deep.equal([]);
  });
});
