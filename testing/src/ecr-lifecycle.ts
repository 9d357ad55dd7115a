/**
 * ECR's lifecycle policies as a pure function (Amazon ECR User Guide, How lifecycle policies work): every rule is evaluated, each image is
 * expired by one rule at most, and an image that a rule matches by its tag is not expired by a rule of a higher number.
 */
import type { LifecycleRule } from "@proliferate-infra/shared/aws/image-lifecycle";

export interface StoredImage {
  readonly digest: string;
  readonly tags: readonly string[];
  /** Days since it was pushed. */
  readonly age: number;
  /** Digest of the list of images that has it. Such an image does not expire before the list. */
  readonly list?: string;
}

/** Digests of the images that the rules expire. */
export function expiredImages(rules: readonly LifecycleRule[], images: readonly StoredImage[]): ReadonlySet<string> {
  const expired = new Set<string>();
  const claimed = new Set<string>();
  for (const { selection } of rules.toSorted((one, other) => one.rulePriority - other.rulePriority)) {
    const matching = images.filter((image) => matches(selection, image));
    const free = outdated(selection, matching).filter(({ digest }) => !claimed.has(digest));
    free.forEach(({ digest }) => expired.add(digest));
    matching.forEach(({ digest }) => claimed.add(digest));
  }
  const lists = new Set(images.map(({ digest }) => digest).filter((digest) => !expired.has(digest)));
  const children = images.filter(({ list }) => list !== undefined && lists.has(list));
  children.forEach(({ digest }) => expired.delete(digest));
  return expired;
}

function matches({ tagStatus, tagPatternList = [] }: LifecycleRule["selection"], { tags }: StoredImage): boolean {
  return tagStatus === "untagged"
    ? tags.length === 0
    : tagPatternList.every((pattern) => tags.some((tag) => patternOf(pattern).test(tag)));
}

/** `*` stands for any number of characters. */
function patternOf(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}

function outdated(
  { countType, countNumber }: LifecycleRule["selection"],
  images: readonly StoredImage[],
): readonly StoredImage[] {
  return countType === "sinceImagePushed"
    ? images.filter(({ age }) => age > countNumber)
    : images.toSorted((one, other) => one.age - other.age).slice(countNumber);
}
