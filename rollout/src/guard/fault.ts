/** Something that stands against a deployment, in words for the person who mends it. */
export interface Fault {
  /** What is wrong, as a sentence. Never holds a secret. */
  readonly message: string;
  /** What mends it: a command, or what to do. */
  readonly mend: string;
}

/** The fault as it is printed: what is wrong, then what mends it. */
export function faultText({ message, mend }: Fault): string {
  return `${message}\n${mend}`;
}
