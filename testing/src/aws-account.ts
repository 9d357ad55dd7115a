/** An account of an emulator, with clients that count their calls and can be made to fail. */
import { environmentNames, type EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { destroyClients, stateClients, type StateClients } from "@proliferate-infra/orchestrator/aws/state-clients";

/** Error that a client throws when the test makes it fail. */
export class Interrupted extends Error {}

/** An account with clients for one region. The emulator derives the account from the access key. */
export class AwsAccount {
  readonly clients: StateClients;
  readonly account: string;
  readonly region: string;
  /** Names of all calls since the last `forgetCalls`, in order. */
  readonly calls: string[] = [];
  /** Names and inputs of these calls. */
  readonly inputs: object[] = [];
  #allowed = Number.POSITIVE_INFINITY;

  constructor(endpoint: string, account: string, region = "eu-west-1") {
    this.account = account;
    this.region = region;
    const credentials = { accessKeyId: account, secretAccessKey: "test" };
    this.clients = stateClients({ endpoint, region, credentials });
    const counted =
      <Args extends { input: object }, Result>(
        next: (args: Args) => Promise<Result>,
        { commandName }: { readonly commandName?: string },
      ) =>
      (args: Args) => {
        this.#count(commandName, args.input);
        return next(args);
      };
    this.clients.s3.middlewareStack.add(counted, { step: "initialize" });
    this.clients.dynamodb.middlewareStack.add(counted, { step: "initialize" });
    this.clients.kms.middlewareStack.add(counted, { step: "initialize" });
  }

  #count(command: string | undefined, input: object): void {
    if (this.calls.length >= this.#allowed) {
      throw new Interrupted(`after ${this.#allowed} calls`);
    }
    this.calls.push(String(command).replace(/Command$/, ""));
    this.inputs.push(input);
  }

  names(stack: string): EnvironmentNames {
    return environmentNames(this.account, this.region, stack);
  }

  /** Resets the count. After the next `allowed` calls, all calls fail. */
  forgetCalls(allowed = Number.POSITIVE_INFINITY): void {
    this.calls.length = 0;
    this.inputs.length = 0;
    this.#allowed = allowed;
  }

  /** Returns the names of the calls that changed something. */
  changes(): readonly string[] {
    return this.calls.filter((name) => !/^(Head|Get|List|Describe)/.test(name));
  }

  dispose(): void {
    destroyClients(this.clients);
  }
}

/** Creates empty accounts of an emulator. */
export class EmptyAccounts {
  readonly #endpoint: string;
  readonly #first: number;
  readonly #made: AwsAccount[] = [];

  /** `first`: twelve-digit id of the first account. Suites that share an emulator need different ones. */
  constructor(endpoint: string, first: number) {
    this.#endpoint = endpoint;
    this.#first = first;
  }

  next(region?: string): AwsAccount {
    const account = new AwsAccount(this.#endpoint, String(this.#first + this.#made.length), region);
    this.#made.push(account);
    return account;
  }

  dispose(): void {
    for (const account of this.#made) {
      account.dispose();
    }
  }
}
