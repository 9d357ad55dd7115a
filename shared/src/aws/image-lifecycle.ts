/** Which images of a repository expire (Amazon ECR User Guide, lifecycle policies). Pure. */

/** How many images stay, besides those that are in use. */
export const NEWEST_IMAGES = 10;

/** Layers of several images, and what a deleted list of images leaves, have no tags. */
const UNTAGGED_DAYS = 7;

/** One rule of a lifecycle policy. */
export interface LifecycleRule {
  readonly rulePriority: number;
  readonly description: string;
  readonly selection: {
    readonly tagStatus: "tagged" | "untagged";
    /** An image matches when each pattern matches one of its tags. */
    readonly tagPatternList?: readonly string[];
    readonly countType: "imageCountMoreThan" | "sinceImagePushed";
    readonly countUnit?: "days";
    readonly countNumber: number;
  };
  readonly action: { readonly type: "expire" };
}

/** The tag by which an image is known that a service runs by its digest: rules know tags only. */
export function digestTag(digest: string): string {
  return digest.replace("sha256:", "deployed-");
}

/**
 * The rules of a repository: images in use never expire, nor do the newest ones. An image that a rule matches by its tag is never
 * expired by a rule of a higher number.
 *
 * @param inUse tags and digests of the images that the service runs, and that a rollback needs
 */
export function lifecycleRules(inUse: readonly string[]): readonly LifecycleRule[] {
  const tags = new Set(inUse.map((image) => (image.startsWith("sha256:") ? digestTag(image) : image)));
  const newest = { countType: "imageCountMoreThan", countNumber: NEWEST_IMAGES } as const;
  const selections = [
    // A tag is never moved, so that no rule of this kind has more than one image.
    ...[...tags].map((tag) => ({
      description: `Keep ${tag}, which is in use`,
      selection: { tagStatus: "tagged", tagPatternList: [tag], ...newest } as const,
    })),
    {
      description: `Keep the last ${NEWEST_IMAGES} images`,
      selection: { tagStatus: "tagged", tagPatternList: ["*"], ...newest } as const,
    },
    {
      description: `Delete images without tags after ${UNTAGGED_DAYS} days`,
      selection: {
        ...({ tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days" } as const),
        countNumber: UNTAGGED_DAYS,
      },
    },
  ];
  return selections.map((rule, index) => ({ rulePriority: index + 1, ...rule, action: { type: "expire" } }));
}
