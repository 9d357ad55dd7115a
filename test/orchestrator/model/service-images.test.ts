import { expect } from "chai";
import fc from "fast-check";
import { serviceNames } from "@proliferate-infra/shared/services";
import { UserError } from "@proliferate-infra/backend/errors";
import {
  differing,
  imageSettings,
  imagesIn,
  requestedImages,
  serviceOf,
} from "@proliferate-infra/orchestrator/model/service-images";

const digest = `sha256:${"0af".repeat(22)}`.slice(0, 71);
const tags = fc.constantFrom("v1", "v2", "1.2.3-rc.1", "latest", digest);

describe("the images of a release", () => {
  it("are read from arguments by service", () => {
    const subsets = fc.uniqueArray(fc.tuple(fc.constantFrom(...serviceNames), tags), { selector: ([name]) => name });
    fc.assert(
      fc.property(subsets, (wanted) => {
        const images = requestedImages(wanted.map(([name, tag]) => `${name}=${tag}`));
        const byService = Object.entries(images).map(([key, tag]) => [serviceOf(key as never), tag]);
        expect(byService).to.have.deep.members(wanted);
      }),
    );
  });

  it("are refused with all errors and the allowed values", () => {
    const wrong = ["gateway", "api=v1", "worker=-x", "worker=sha256:12", "llm-proxy=v1", "llm-proxy=v2"];
    try {
      requestedImages(wrong);
      expect.fail("was accepted");
    } catch (error) {
      expect(error).to.be.instanceOf(UserError);
      const [, ...lines] = String(error).split("\n");
      expect(lines.map((line) => line.trim())).to.deep.equal([
        "gateway: must be SERVICE=TAG, where SERVICE is gateway, llm-proxy, worker",
        "api=v1: must be SERVICE=TAG, where SERVICE is gateway, llm-proxy, worker",
        "worker=-x: the image must be an image tag, or a digest such as sha256: and 64 hexadecimal digits",
        "worker=sha256:12: the image must be an image tag, or a digest such as sha256: and 64 hexadecimal digits",
        "llm-proxy is given twice",
      ]);
    }
  });

  it("differ when their values differ", () => {
    const some = fc.dictionary(fc.constantFrom(...imageSettings), tags);
    fc.assert(
      fc.property(some, some, (one, other) => {
        const merged = { ...one, ...Object.fromEntries(differing(one, other).map((key) => [key, other[key]])) };
        expect(imagesIn(merged)).to.deep.equal(imagesIn(other));
        expect(differing(one, one)).to.deep.equal([]);
      }),
    );
  });
});
