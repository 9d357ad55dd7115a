import { expect } from "chai";
import { isFargateSize } from "@proliferate-infra/shared/aws/fargate-sizes";

describe("Fargate sizes", () => {
  for (const [cpu, memory] of [
    [256, 512],
    [512, 1024],
    [1024, 8192],
    [4096, 30720],
    [8192, 61440],
    [16384, 122880],
  ] as const) {
    it(`have ${cpu}/${memory}`, () => {
      expect(isFargateSize(cpu, memory)).to.equal(true);
    });
  }
  for (const [cpu, memory] of [
    [256, 4096],
    [512, 512],
    [300, 512],
    [1024, 1024],
    [16384, 16384],
  ] as const) {
    it(`do not have ${cpu}/${memory}`, () => {
      expect(isFargateSize(cpu, memory)).to.equal(false);
    });
  }
});
