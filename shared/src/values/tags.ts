/** Tags of AWS resources, as a setting. */
import { z } from "zod";
import { ownTagNames, tagLimits } from "../aws/aws-limits.ts";
import { json } from "./value-kinds.ts";

/** Tags by name. */
export type Tags = Readonly<Record<string, string>>;

function isAllowed(tags: Tags): boolean {
  // IAM compares names without case.
  const names = Object.keys(tags).map((name) => name.toLowerCase());
  const own = ownTagNames.map((name) => name.toLowerCase());
  return (
    names.length <= tagLimits.count &&
    new Set(names).size === names.length &&
    names.every((name) => !own.includes(name) && !/^(?:aws|proliferate):/.test(name))
  );
}

const part = (length: number) => z.string().max(length).regex(tagLimits.characters);

/** A JSON object of tags that every service of AWS accepts in addition to the environment's own. */
export const tags = json<Tags>(
  `a JSON object of at most ${tagLimits.count} tags such as {"CostCenter": "42"}; names have up to ${tagLimits.nameLength} and values up to ` +
    `${tagLimits.valueLength} letters, digits, inner spaces and \`_.:/=+-@\`; no name is ${ownTagNames.join(", ")}, begins with \`aws:\` or ` +
    "`proliferate:`, or differs from another only in case",
  z.record(part(tagLimits.nameLength), part(tagLimits.valueLength)).refine(isAllowed),
);
