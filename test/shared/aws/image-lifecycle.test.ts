import { expect } from "chai";
import fc from "fast-check";
import { digestTag, lifecycleRules, NEWEST_IMAGES } from "@proliferate-infra/shared/aws/image-lifecycle";
import { expiredImages, type StoredImage } from "@proliferate-infra/testing/ecr-lifecycle";

const digestOf = (number: number) => `sha256:${String(number).padStart(64, "0")}`;

/** Tags that patterns could take for others. */
const TAGS = ["v1", "v1.0", "v10", "v", "latest", "deployed", "a-v1", "x".repeat(128)];

/** Images of a repository; no two have one tag. */
const repository: fc.Arbitrary<readonly StoredImage[]> = fc
  .array(fc.record({ tagged: fc.boolean(), age: fc.integer({ min: 0, max: 400 }), second: fc.boolean() }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((images) =>
    images.map(({ tagged, age, second }, index) => {
      const name = `${TAGS[index % TAGS.length] ?? ""}${index < TAGS.length ? "" : `-${index}`}`.slice(-128);
      return { digest: digestOf(index), tags: tagged ? [name, ...(second ? [`second-${index}`] : [])] : [], age };
    }),
  );

/** A repository, the image that runs and one that a rollback needs, each by tag or by digest. */
const withImagesInUse = fc
  .tuple(repository, fc.nat(), fc.nat(), fc.boolean(), fc.boolean())
  .map(([images, running, earlier, byDigest, earlierByDigest]) => {
    const choose = (number: number, isDigest: boolean) => {
      const image = images[number % images.length];
      const tag = image?.tags[0];
      return { digest: image?.digest ?? "", named: isDigest || tag === undefined ? (image?.digest ?? "") : tag };
    };
    const chosen = [choose(running, byDigest), choose(earlier, earlierByDigest)];
    // The rollout gives such images a tag before it deploys them.
    const stored = images.map((image) => {
      const isNamed = chosen.some(({ digest, named }) => digest === image.digest && named === digest);
      return isNamed ? { ...image, tags: [...image.tags, digestTag(image.digest)] } : image;
    });
    return { images: stored, inUse: chosen };
  });

describe("images of a repository", () => {
  it("that run, or that a rollback needs, never expire", () => {
    fc.assert(
      fc.property(withImagesInUse, ({ images, inUse }) => {
        const rules = lifecycleRules(inUse.map(({ named }) => named));
        const expired = expiredImages(rules, images);
        return inUse.every(({ digest }) => !expired.has(digest));
      }),
    );
  });

  it("expire unless they are among the newest with tags, and untagged ones after a week", () => {
    fc.assert(
      fc.property(withImagesInUse, ({ images, inUse }) => {
        const expired = expiredImages(lifecycleRules(inUse.map(({ named }) => named)), images);
        const left = images.filter(({ digest }) => !expired.has(digest));
        const tagged = left.filter(({ tags }) => tags.length > 0);
        const untagged = left.filter(({ tags }) => tags.length === 0);
        return tagged.length <= NEWEST_IMAGES + inUse.length && untagged.every(({ age }) => age <= 7);
      }),
    );
    const newest = Array.from({ length: 12 }, (_, age) => ({ digest: digestOf(age), tags: [`t${age}`], age }));
    const expired = expiredImages(lifecycleRules(["t11"]), newest);
    expect([...expired]).to.deep.equal([digestOf(10)]);
  });

  it("do not expire before the list that has them, and are not counted", () => {
    const pushes = Array.from({ length: 10 }, (_, age) => [
      { digest: `index-${age}`, tags: [`t${age}`], age: age * 30 },
      { digest: `image-${age}`, tags: [], age: age * 30, list: `index-${age}` },
      { digest: `attestation-${age}`, tags: [], age: age * 30, list: `index-${age}` },
    ]).flat();
    expect([...expiredImages(lifecycleRules(["t0"]), pushes)]).to.deep.equal([]);
  });

  it("have rules that ECR accepts: numbers and patterns are unique, and one rule is for untagged images", () => {
    fc.assert(
      fc.property(withImagesInUse, ({ inUse }) => {
        const rules = lifecycleRules(inUse.map(({ named }) => named));
        const patterns = rules.flatMap(({ selection }) => selection.tagPatternList ?? []);
        const isUnique = (values: readonly unknown[]) => new Set(values).size === values.length;
        const untagged = rules.filter(({ selection }) => selection.tagStatus === "untagged");
        return isUnique(rules.map(({ rulePriority }) => rulePriority)) && isUnique(patterns) && untagged.length === 1;
      }),
    );
  });
});
