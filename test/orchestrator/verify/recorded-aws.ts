/** Clients of the AWS SDK that ask nobody: each command gets a recorded answer, for what the emulator cannot show. */
import { ECSClient } from "@aws-sdk/client-ecs";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { FactsClients } from "@proliferate-infra/orchestrator/verify/ecs-facts";

/** By the command's name such as `DescribeServices`: what it answers to an input. May throw. */
export type Answers = Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>;

/** Clients with these answers; any other command is an error. */
export function recordedClients(answers: Answers): FactsClients {
  const options = { region: "us-east-1", credentials: { accessKeyId: "none", secretAccessKey: "none" } };
  const ecs = new ECSClient(options);
  const loadBalancers = new ElasticLoadBalancingV2Client(options);
  const respond = async (command: string, input: object) => {
    const answer = answers[command.replace(/Command$/, "")];
    if (answer === undefined) {
      throw new Error(`No answer is recorded for ${command}.`);
    }
    return Promise.resolve({ output: { ...answer({ ...input }), $metadata: {} }, response: undefined });
  };
  const first = { step: "initialize", priority: "high" } as const;
  ecs.middlewareStack.add(
    (_next, { commandName }) =>
      ({ input }) =>
        respond(String(commandName), input),
    first,
  );
  loadBalancers.middlewareStack.add(
    (_next, { commandName }) =>
      ({ input }) =>
        respond(String(commandName), input),
    first,
  );
  return { ecs, loadBalancers };
}
