/** Schemas of the values that layers export to each other. */
import { z } from "zod";

/** Account and region that every ARN of an environment must belong to. */
export interface ArnScope {
  /** Region name such as `us-east-1`. */
  readonly region: string;
  /** Twelve-digit account id. undefined when the reader does not know it; accounts are then not checked. */
  readonly accountId?: string | undefined;
}

/** A VPC id such as `vpc-0a1b2c`. */
export const vpcId = z.string().regex(/^vpc-[0-9a-f]+$/, "must be a VPC id (vpc-...)");

/** A security group id such as `sg-0a1b2c`. */
export const securityGroupId = z.string().regex(/^sg-[0-9a-f]+$/, "must be a security group id (sg-...)");

/** One subnet id for each of the two availability zones. */
export const subnetIds = z
  .array(z.string().regex(/^subnet-[0-9a-f]+$/, "must be a subnet id (subnet-...)"))
  .length(2, "must hold two subnet ids, one for each availability zone");

export const nonEmptyText = z.string().min(1, "must not be empty");

export const port = z.number().int().min(1).max(65535);

/** A DNS name of a server, without scheme and port. */
export const hostName = z.string().regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/, "must be a host name");

/** A URL with one of these schemes. */
export function urlWithScheme(...schemes: string[]) {
  return z.string().refine((text) => URL.canParse(text) && schemes.includes(new URL(text).protocol.slice(0, -1)), {
    message: `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(" or ")}`,
  });
}

/** An ARN of one AWS service, in this environment's region and account. */
export function arn(service: string, scope: ArnScope) {
  return z.string().superRefine((text, context) => {
    const [prefix, partition, actualService, region, accountId, ...resource] = text.split(":");
    const complete = prefix === "arn" && partition !== undefined && resource.join(":").length > 0;
    if (!complete || actualService !== service) {
      context.addIssue({ code: "custom", message: `must be an ARN of ${service}` });
    } else if (region !== scope.region) {
      context.addIssue({ code: "custom", message: `must be an ARN in region ${scope.region}, not ${region}` });
    } else if (scope.accountId !== undefined && accountId !== scope.accountId) {
      context.addIssue({ code: "custom", message: `must be an ARN of account ${scope.accountId}, not ${accountId}` });
    }
  });
}

/** Sorted names of the keys in a secret's JSON object. */
export const secretKeyNames = z
  .array(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be an environment variable's name"))
  .min(1, "must name at least one key");
