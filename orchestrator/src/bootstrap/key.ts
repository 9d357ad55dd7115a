/**
 * The environment's KMS key. A key has no name of its own, only an alias that is given afterwards. One without it, which an
 * interrupted set-up left, is recognized by its description; otherwise each interruption would leave a key that costs money
 * for ever.
 */
import {
  AlreadyExistsException,
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  ListResourceTagsCommand,
  KMSServiceException,
  NotFoundException,
  TagResourceCommand,
  paginateListKeys,
  type KeyMetadata,
  type KMSClient,
  type Tag,
} from "@aws-sdk/client-kms";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import type { Tags } from "@proliferate-infra/shared/values/tags";
import type { Found, StateResource } from "./state-resource.ts";
import { hasAny, tagRequirements } from "./state-tags.ts";

/** A key as far as it matters. */
export interface KeyFacts {
  /** Names of its tags; none where the organization requires none. */
  readonly tagNames: readonly string[];
  readonly id: string;
  /** In KMS's words. */
  readonly state: string;
  /** It encrypts and decrypts with one and the same key. */
  readonly isSymmetric: boolean;
  /** The environment's alias names it. */
  readonly hasAlias: boolean;
  /** It is changed once a year. */
  readonly rotates: boolean;
}

/** The key that encrypts the secrets of the environment with these names. */
export function environmentKey(kms: KMSClient, names: EnvironmentNames, tags: Tags = {}): StateResource<KeyFacts> {
  const { keyAlias, stack } = names;
  const description = `Secrets in state and settings of the Pulumi stacks ${stack}`;
  return {
    what: "KMS key",
    name: keyAlias,
    read: async () => {
      const named = await describe(kms, keyAlias, false);
      const key = named ?? (await findWithoutAlias(kms, description));
      return key === undefined ? { status: "absent" } : present(kms, key, named !== undefined, hasAny(tags));
    },
    refusals: ({ id, state, isSymmetric }) => [
      ...(state === "Enabled"
        ? []
        : [`is ${state}; enable it or cancel its deletion, or its secrets are lost: key ${id}`]),
      ...(isSymmetric ? [] : ["is not a symmetric key for encryption"]),
    ],
    requirements: [
      {
        text: "give it its alias",
        isMet: ({ hasAlias }) => hasAlias,
        fix: ({ id }) => giveAlias(kms, keyAlias, id),
      },
      {
        text: "change it once a year",
        isMet: ({ rotates }) => rotates,
        fix: ({ id }) => kms.send(new EnableKeyRotationCommand({ KeyId: id })),
      },
      ...tagRequirements<KeyFacts>(
        tags,
        ({ tagNames }) => tagNames,
        ({ id }, missing) => kms.send(new TagResourceCommand({ KeyId: id, Tags: tagList(missing) })),
      ),
    ],
    create: async () => {
      const Tags = tagList({ ...tags, "proliferate:environment": stack });
      const { KeyMetadata: created } = await kms.send(new CreateKeyCommand({ Description: description, Tags }));
      await giveAlias(kms, keyAlias, created?.KeyId);
    },
  };
}

/** Tags as KMS takes them. */
function tagList(tags: Tags): Tag[] {
  return Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}

/**
 * Another set-up may have given the alias in the meantime. Then that key is the environment's. This one is not deleted: it may
 * be the one that the other set-up found without an alias and named.
 */
async function giveAlias(kms: KMSClient, alias: string, keyId: string | undefined): Promise<void> {
  try {
    await kms.send(new CreateAliasCommand({ AliasName: alias, TargetKeyId: keyId }));
  } catch (error) {
    if (!(error instanceof AlreadyExistsException)) {
      throw error;
    }
  }
}

async function present(
  kms: KMSClient,
  key: KeyMetadata,
  hasAlias: boolean,
  withTags: boolean,
): Promise<Found<KeyFacts>> {
  const { KeyId: id = "", KeySpec, KeyUsage, KeyState: state = "in an unknown state" } = key;
  const isSymmetric = KeySpec === "SYMMETRIC_DEFAULT" && KeyUsage === "ENCRYPT_DECRYPT";
  // KMS does not say it of a key that cannot be used.
  const isUsable = isSymmetric && state === "Enabled";
  const rotation = isUsable ? await kms.send(new GetKeyRotationStatusCommand({ KeyId: id })) : undefined;
  const tagging = withTags && isUsable ? await kms.send(new ListResourceTagsCommand({ KeyId: id })) : undefined;
  const tagNames = (tagging?.Tags ?? []).map(({ TagKey = "" }) => TagKey);
  return {
    status: "present",
    facts: { id, state, isSymmetric, hasAlias, rotates: rotation?.KeyRotationEnabled === true, tagNames },
  };
}

async function describe(kms: KMSClient, id: string, mayBeHidden: boolean): Promise<KeyMetadata | undefined> {
  try {
    const { KeyMetadata: key } = await kms.send(new DescribeKeyCommand({ KeyId: id }));
    return key;
  } catch (error) {
    // Among all keys there are some that only others may look at.
    const isHidden = error instanceof KMSServiceException && error.name === "AccessDeniedException" && mayBeHidden;
    if (error instanceof NotFoundException || isHidden) {
      return undefined;
    }
    throw error;
  }
}

/** Looks at every key of account and region, one page at a time. Only a set-up that has no key yet does it. */
async function findWithoutAlias(kms: KMSClient, description: string): Promise<KeyMetadata | undefined> {
  for await (const { Keys: keys = [] } of paginateListKeys({ client: kms, pageSize: 50 }, {})) {
    for (const key of await Promise.all(keys.map(({ KeyId: id = "" }) => describe(kms, id, true)))) {
      if (key?.Description === description && key.KeyState === "Enabled" && !(await hasAnyAlias(kms, key))) {
        return key;
      }
    }
  }
  return undefined;
}

async function hasAnyAlias(kms: KMSClient, { KeyId }: KeyMetadata): Promise<boolean> {
  const { Aliases: aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId }));
  return aliases.length > 0;
}
