import { expect } from "chai";
import { UserError } from "@proliferate-infra/backend/errors";
import { writeEnvironmentFile } from "@proliferate-infra/backend/environment/environment-file";
import { extraTagsOf, organizationSettings } from "@proliferate-infra/orchestrator/commands/setup/organization";
import { TemporaryCheckout } from "@proliferate-infra/testing/temporary-checkout";

const extraTags = '{"CostCenter":"42"}';
const permissionsBoundaryArn = "arn:aws:iam::123456789012:policy/boundary";

describe("what an organization requires of a set-up", () => {
  let checkout: TemporaryCheckout;
  beforeEach(() => {
    checkout = new TemporaryCheckout();
  });
  afterEach(() => {
    checkout.remove();
  });

  const settings = (options: Parameters<typeof organizationSettings>[2]) =>
    organizationSettings(checkout.root, "prod", options);
  const setUp = () => {
    writeEnvironmentFile(checkout.root, "prod", { stateUrl: "file:///state", secretsProvider: "passphrase" });
  };

  it("is what is given for a new environment, and nothing by default", () => {
    expect(settings({}).size).to.equal(0);
    expect(extraTagsOf(settings({}))).to.deep.equal({});
    const given = settings({ extraTags, permissionsBoundaryArn });
    expect(extraTagsOf(given)).to.deep.equal({ CostCenter: "42" });
    expect(given.get("permissionsBoundaryArn")).to.equal(permissionsBoundaryArn);
  });

  it("is refused when it is not allowed, all of it at once", () => {
    const refused = () => settings({ extraTags: "CostCenter=42", permissionsBoundaryArn: "boundary" });
    expect(refused).to.throw(UserError, /--extra-tags must be .*\n--permissions-boundary-arn must be /);
  });

  it("is refused with the command when the environment is set up with something else", () => {
    setUp();
    expect(() => settings({ extraTags })).to.throw(UserError, `configure.sh set --stack prod 'extraTags=${extraTags}'`);
    expect(settings({}).size).to.equal(0);
  });
});
