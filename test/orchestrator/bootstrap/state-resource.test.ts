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
  it("is planned with everything that is done", () => {
    const { resource } = resourceOf([]);
    const created = planResource(resource, { status: "absent" });
    expect(created).to.deep.include({ action: "create", details: ["fix it", "leave it"] });
    expect(describeItems([created]).split("\n")).to.have.length(3);
    const fixed = planResource(resource, present(true, false));
    expect(fixed).to.deep.include({ action: "fix", details: ["fix it"] });
    expect(describeItems([fixed])).to.contain("name: fix it");
  });

  it("is created, then fixed where it does not show what it must be", async () => {
    const { resource, done } = resourceOf([
      { status: "absent" },
      present(true, false),
      present(true, false),
      present(true, true),
    ]);
    expect(await completeResource(resource)).to.deep.equal({ isReady: true, isMet: true });
    expect(done).to.deep.equal(["create", "fix"]);
  });

  it("is not fixed where it shows what it must be as soon as it is ready", async () => {
    const { resource, done } = resourceOf([present(false, false), present(true, true)]);
    await completeResource(resource);
    expect(done).to.deep.equal([]);
  });

  it("is left alone when it cannot be used, with all reasons", async () => {
    const { resource, done } = resourceOf([{ status: "unusable", reasons: ["is far away", "is shut"] }]);
    const failure = await failureOf(completeResource(resource));
    expect(failure).instanceOf(UserError);
    expect(failure.message.split("\n")).to.deep.equal(["The thing name is far away.", "The thing name is shut."]);
    expect(done).to.deep.equal([]);
  });
});
