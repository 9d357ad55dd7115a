/** The environment's key: what is there, and the calls that carry its plan out. */
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  EnableKeyRotationCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  KMSServiceException,
  NotFoundException,
  paginateListKeys,
  type KeyMetadata,
  type KMSClient,
} from "@aws-sdk/client-kms";
import type { EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { keyDescription, type FoundKey, type KeyRepair } from "./key-plan.ts";

/** The key that the environment's alias names, or one that an interrupted set-up left without it. */
export async function readKey(kms: KMSClient, names: EnvironmentNames): Promise<FoundKey> {
  const named = await describe(kms, names.keyAlias, false);
  const key = named ?? (await findWithoutAlias(kms, keyDescription(names)));
  if (key?.KeyId === undefined) {
    return { kind: "absent" };
  }
  const isSymmetric = key.KeySpec === "SYMMETRIC_DEFAULT" && key.KeyUsage === "ENCRYPT_DECRYPT";
  // KMS does not say it of a key that cannot be used.
  const isUsable = isSymmetric && key.KeyState === "Enabled";
  const rotation = isUsable ? await kms.send(new GetKeyRotationStatusCommand({ KeyId: key.KeyId })) : undefined;
  return {
    kind: "key",
    id: key.KeyId,
    state: key.KeyState ?? "in an unknown state",
    isSymmetric,
    hasAlias: named !== undefined,
    rotates: rotation?.KeyRotationEnabled === true,
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
      if (key?.Description === description && key.KeyState === "Enabled" && !(await hasAlias(kms, key))) {
        return key;
      }
    }
  }
  return undefined;
}

async function hasAlias(kms: KMSClient, { KeyId }: KeyMetadata): Promise<boolean> {
  const { Aliases: aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId }));
  return aliases.length > 0;
}

/** Creates a key. Returns its id. */
export async function createKey(kms: KMSClient, names: EnvironmentNames): Promise<string> {
  const { KeyMetadata: created } = await kms.send(
    new CreateKeyCommand({
      Description: keyDescription(names),
      Tags: [{ TagKey: "proliferate:environment", TagValue: names.stack }],
    }),
  );
  return created?.KeyId ?? "";
}

/** Makes one change of the key `id`. */
export async function repairKey(kms: KMSClient, names: EnvironmentNames, id: string, fix: KeyRepair): Promise<void> {
  if (fix === "rotation") {
    await kms.send(new EnableKeyRotationCommand({ KeyId: id }));
    return;
  }
  await kms.send(new CreateAliasCommand({ AliasName: names.keyAlias, TargetKeyId: id }));
}
