/** One of the many accounts of an emulator, with clients that count their calls and can be made to fail. */
import { environmentNames, type EnvironmentNames } from "@proliferate-infra/backend/environment/names";
import { destroyClients, stateClients, type StateClients } from "@proliferate-infra/orchestrator/aws/state-clients";

/** What a client that was told to fail throws. */
export class Interrupted extends Error {}

/** An account, which the emulator takes from the access key, with clients for one region. */
export class AwsAccount {
  readonly clients: StateClients;
  readonly account: string;
  readonly region: string;
  /** Names of all calls since the last `forgetCalls`, in order. */
  readonly calls: string[] = [];
  /** Inputs of the calls, beside their names. */
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

  /** Counts anew; the call after the next `allowed` ones fails, and so do all that follow. */
  forgetCalls(allowed = Number.POSITIVE_INFINITY): void {
    this.calls.length = 0;
    this.inputs.length = 0;
    this.#allowed = allowed;
  }

  /** Calls that changed something. */
  changes(): readonly string[] {
    return this.calls.filter((name) => !/^(Head|Get|List|Describe)/.test(name));
  }

  dispose(): void {
    destroyClients(this.clients);
  }
}

/** Accounts of an emulator in which nothing was made yet. */
export class EmptyAccounts {
  readonly #endpoint: string;
  readonly #first: number;
  readonly #made: AwsAccount[] = [];

  /** The number of the first account keeps the suites apart that share an emulator: twelve digits. */
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
