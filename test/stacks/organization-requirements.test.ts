/** Tags and permissions boundary that an organization requires of everything. */
import { expect } from "chai";
import type { Recording } from "@proliferate-infra/testing/recording-mocks";
import type { SampleChanges } from "@proliferate-infra/testing/sample-configuration";
import { recordData } from "./data/recorded-data.ts";
import { everythingOn, recordNetwork } from "./network/recorded-network.ts";
import { recordSecrets } from "./secrets/recorded-secrets.ts";
import { recordServices } from "./services/recorded-layer.ts";

const BOUNDARY = "arn:aws:iam::123456789012:policy/boundary";
const ROLE = "aws:iam/role:Role";
const required: SampleChanges = { extraTags: '{"CostCenter":"42"}', permissionsBoundaryArn: BOUNDARY };

const recorded: Readonly<Record<string, (changes: SampleChanges) => Promise<{ readonly recording: Recording }>>> = {
  network: (changes) => recordNetwork({ ...everythingOn, ...changes }),
  data: (changes) => recordData({ dbEnhancedMonitoringSeconds: "60", ...changes }),
  secrets: (changes) => recordSecrets(changes),
  services: (changes) =>
    recordServices({ gatewayTaskPolicyArns: "arn:aws:iam::aws:policy/ReadOnlyAccess", ...changes }),
};

describe("what an organization requires", () => {
  for (const [layer, record] of Object.entries(recorded)) {
    it(`reaches all resources and roles of ${layer}`, async () => {
      const { recording } = await record(required);
      const { defaultTags } = recording.only("pulumi:providers:aws").inputs;
      expect(JSON.parse(String(defaultTags)))
        .to.have.property("tags")
        .that.includes({
          CostCenter: "42",
          Project: "proliferate",
          Layer: layer,
        });
      const boundaries = recording.all(ROLE).map(({ inputs }) => inputs.permissionsBoundary);
      expect(new Set(boundaries)).to.deep.equal(new Set(layer === "secrets" ? [] : [BOUNDARY]));
    });

    it(`is left out of ${layer} by default`, async () => {
      const { recording } = await record({});
      expect(recording.all(ROLE).filter(({ inputs }) => "permissionsBoundary" in inputs)).to.deep.equal([]);
    });
  }
});
