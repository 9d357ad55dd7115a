/** The bucket's policy as AWS returns it. Pure. */
import { z } from "zod";

const statementSchema = z.looseObject({
  Sid: z.string().optional(),
  Effect: z.string(),
  Principal: z.unknown().optional(),
  Condition: z.unknown().optional(),
});
const documentSchema = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([z.array(statementSchema), statementSchema.transform((statement) => [statement])]),
});

/** One statement; what is not named here is kept as it is. */
export type BucketPolicyStatement = z.infer<typeof statementSchema>;
export type BucketPolicy = z.infer<typeof documentSchema>;

/** Reads a policy in AWS's notation. */
export function parsePolicy(text: string): BucketPolicy {
  return documentSchema.parse(JSON.parse(text));
}

/** Whether a statement opens the bucket to anyone, also where a condition narrows it: nobody but the account needs it. */
export function allowsEveryone({ Effect, Principal }: BucketPolicyStatement): boolean {
  const ofAws = z.object({ AWS: z.union([z.string(), z.array(z.string())]) }).safeParse(Principal);
  const names = ofAws.success ? [ofAws.data.AWS].flat() : [Principal];
  return Effect === "Allow" && names.includes("*");
}
