/** Clients of the AWS SDK that answer from records, for what the emulator cannot show. */

/** By an operation's name such as `DescribeServices`: its answer to an input. May throw. */
export type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

/** The client, which calls nobody from now on: each command gets its recorded answer, and any other one is an error. */
export function recorded<Client extends object>(client: Client, answers: Answers): Client {
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: object }) => {
    const operation = command.constructor.name.replace(/Command$/, "");
    const answer = answers[operation];
    if (answer === undefined) {
      throw new Error(`No answer is recorded for ${operation}.`);
    }
    return Promise.resolve({ ...answer({ ...command.input }), $metadata: {} });
  };
  return Object.assign(client, { send });
}

/** Region and credentials for a client that calls nobody. */
export const noAccount = {
  region: "us-east-1",
  credentials: { accessKeyId: "none", secretAccessKey: "none" },
};
