/** Images of an environment's services, by the setting that names each. Pure. */
import { imageTagKind } from "@proliferate-infra/shared/settings/services-settings";
import { UserError } from "@proliferate-infra/backend/errors";

/** Setting with a service's image, by the service's name. */
const IMAGE_SETTINGS = {
  gateway: "gatewayImageTag",
  "llm-proxy": "llmProxyImageTag",
  worker: "workerImageTag",
} as const;

/** Name of a service, as in its repository's name. */
export type ServiceName = keyof typeof IMAGE_SETTINGS;

/** Setting, and output of services, that names a service's image. */
export type ImageSetting = (typeof IMAGE_SETTINGS)[ServiceName];

/** All services. */
export const serviceNames = Object.keys(IMAGE_SETTINGS) as readonly ServiceName[];

/** All settings that name images. */
export const imageSettings: readonly ImageSetting[] = Object.values(IMAGE_SETTINGS);

/** Tags or digests by setting; a service without an image has none. */
export type Images = Readonly<Partial<Record<ImageSetting, string>>>;

/** The service whose image a setting names. */
export function serviceOf(setting: ImageSetting): ServiceName {
  return serviceNames[imageSettings.indexOf(setting)] ?? "gateway";
}

/** The output of services with a service's repository. */
export function repositoryOutput(service: ServiceName): string {
  return IMAGE_SETTINGS[service].replace(/ImageTag$/, "RepositoryUrl");
}

/** The images among settings or outputs. */
export function imagesIn(values: Readonly<Record<string, unknown>>): Images {
  const found = imageSettings.flatMap((setting) => {
    const value = values[setting];
    return typeof value === "string" ? [[setting, value] as const] : [];
  });
  return Object.fromEntries(found);
}

/** Settings whose images differ. */
export function differing(one: Images, other: Images): readonly ImageSetting[] {
  return imageSettings.filter((setting) => one[setting] !== other[setting]);
}

/**
 * The images that arguments such as `gateway=v2` ask for.
 *
 * @throws UserError that names everything that is wrong with them.
 */
export function requestedImages(args: readonly string[]): Images {
  const images: Partial<Record<ImageSetting, string>> = {};
  const faults = args.flatMap((argument) => {
    const [, name = "", image = ""] = /^([^=]*)=(.*)$/.exec(argument) ?? [];
    const service = serviceNames.find((each) => each === name);
    if (service === undefined) {
      return [`${argument}: must be SERVICE=TAG, where SERVICE is ${serviceNames.join(", ")}`];
    }
    const setting = IMAGE_SETTINGS[service];
    if (images[setting] !== undefined) {
      return [`${service} is given twice`];
    }
    if (imageTagKind.parse(image) === undefined) {
      return [`${argument}: the image must be ${imageTagKind.allowed}`];
    }
    images[setting] = image;
    return [];
  });
  if (faults.length > 0) {
    throw new UserError(`Nothing was changed:\n  ${faults.join("\n  ")}`);
  }
  return images;
}
