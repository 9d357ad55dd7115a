/** Images of an environment's services, by the setting that names each. Pure. */
import { fullKey } from "@proliferate-infra/shared/settings/fault";
import type { LayerConfiguration } from "@proliferate-infra/shared/settings/read-settings";
import { imageTagKind } from "@proliferate-infra/shared/settings/task-settings";
import {
  serviceKey,
  serviceKeys,
  serviceName,
  serviceNames,
  type ServiceKey,
  type ServiceName,
} from "@proliferate-infra/shared/services";
import { UserError } from "@proliferate-infra/backend/errors";

/** The setting with a service's image; the output of services has the same name. */
export type ImageSetting = `${ServiceKey}ImageTag`;

/** All settings that name images, in the order of `serviceKeys`. */
export const imageSettings: readonly ImageSetting[] = serviceKeys.map((key) => `${key}ImageTag` as const);

/** Tags or digests by setting; a service without an image has none. */
export type Images = Readonly<Partial<Record<ImageSetting, string>>>;

/** The service whose image a setting names. */
export function serviceOf(setting: ImageSetting): ServiceName {
  return serviceName(setting.slice(0, -"ImageTag".length) as ServiceKey);
}

/** The images among settings or outputs. */
export function imagesIn(values: Readonly<Record<string, unknown>>): Images {
  const found = imageSettings.flatMap((setting) => {
    const value = values[setting];
    return typeof value === "string" ? [[setting, value] as const] : [];
  });
  return Object.fromEntries(found);
}

/** The images in the settings of services. */
export function configuredImages({ values }: Pick<LayerConfiguration, "values">): Images {
  return imagesIn(Object.fromEntries(imageSettings.map((key) => [key, values.get(fullKey("services", key))?.text])));
}

export function differing(one: Images, other: Images): readonly ImageSetting[] {
  return imageSettings.filter((setting) => one[setting] !== other[setting]);
}

/**
 * The images that arguments such as `gateway=v2` ask for.
 *
 * @throws UserError that lists all faults.
 */
export function requestedImages(args: readonly string[]): Images {
  const images: Partial<Record<ImageSetting, string>> = {};
  const faults = args.flatMap((argument) => {
    const [, name = "", image = ""] = /^([^=]*)=(.*)$/.exec(argument) ?? [];
    const service = serviceKey(name);
    if (service === undefined) {
      return [`${argument}: must be SERVICE=TAG, where SERVICE is ${serviceNames.join(", ")}`];
    }
    const setting = `${service}ImageTag` as const;
    if (images[setting] !== undefined) {
      return [`${name} is given twice`];
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
