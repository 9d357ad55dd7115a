/** AWS SDK clients with recorded responses, for situations that the emulator cannot create. */

/** Returns the response to an input, by an operation's name such as `DescribeServices`. May throw. */
export type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

/** Makes a client return recorded responses instead of calling AWS. A command without a recorded response throws. */
export function recorded<Client extends object>(client: Client, answers: Answers): Client {
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: object }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    const answer = answers[operation];
    if (answer === undefined) {
      throw new Error(`No response is recorded for ${operation}.`);
    }
    return Promise.resolve({ ...answer({ ...command.input }), $metadata: {} });
  };
  return Object.assign(client, { send });
}

/** Region and credentials for a client that does not call AWS. */
export const noAccount = {
  region: "us-east-1",
  credentials: { accessKeyId: "none", secretAccessKey: "none" },
};
