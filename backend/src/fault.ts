/** Something that stops a deployment, in words for the person who fixes it. */
export interface Fault {
  /** What is wrong, as a sentence. Never holds a secret. */
  readonly message: string;
  /** What fixes it: a command, or what to do. */
  readonly fix: string;
}

/** The fault as it is printed: what is wrong, then what fixes it. */
export function faultText({ message, fix }: Fault): string {
  return `${message}\n${fix}`;
}
