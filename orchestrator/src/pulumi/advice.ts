/** Advice for known failures whose messages have none. Pure. */

interface KnownFailure {
  /** Matches the message; its group `name` is the resource. */
  readonly pattern: RegExp;
  /** Advice for that resource; `region` is an option of the aws command, or empty. */
  readonly advice: (name: string, region: string) => string;
}

const CREATION = String.raw`creating Secrets Manager Secret \((?<name>[^)\s]+)\):[^\n]*`;

const knownFailures: readonly KnownFailure[] = [
  {
    pattern: new RegExp(`${CREATION}(?:scheduled for deletion|was deleted)`, "g"),
    // Restored first, so that it is also freed where AWS refuses to delete what is marked as deleted.
    advice: (name, region) =>
      [
        `The name ${name} is taken until the recovery window of the deleted secret ends (secretRecoveryWindowDays). Its content`,
        "comes from the settings and is not lost. This frees the name:",
        `  aws secretsmanager restore-secret --secret-id ${name}${region} &&`,
        `    aws secretsmanager delete-secret --secret-id ${name}${region} --force-delete-without-recovery`,
        "Then deploy again after a minute.",
      ].join("\n"),
  },
  {
    pattern: new RegExp(`${CREATION}already exists`, "g"),
    advice: (name, region) =>
      [
        `There is a secret ${name} that this environment did not make. If another environment did, one of the two needs another`,
        "resourcePrefix. If nobody needs it, this deletes it for good:",
        `  aws secretsmanager delete-secret --secret-id ${name}${region} --force-delete-without-recovery`,
      ].join("\n"),
  },
];

/** The reason of a failure, followed by the advice for it, each once. */
export function withAdvice(reason: string, region: string | undefined): string {
  const option = region === undefined ? "" : ` --region ${region}`;
  const advice = knownFailures.flatMap(({ pattern, advice: adviseOn }) =>
    [...reason.matchAll(pattern)].map(({ groups }) => adviseOn(groups?.name ?? "", option)),
  );
  return [reason, ...new Set(advice)].join("\n\n");
}
