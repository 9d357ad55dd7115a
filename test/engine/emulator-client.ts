/** AWS SDK clients of an environment's emulator. */
import { clientOptions } from "@proliferate-infra/orchestrator/commands/local/variables";
import type { EngineEnvironment } from "@proliferate-infra/testing/engine-environment";

/** Makes a client, uses it, and destroys it. */
export async function using<Client extends { destroy(): void }, T>(
  Type: new (options: ReturnType<typeof clientOptions>) => Client,
  { endpoint }: EngineEnvironment,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Type(clientOptions(endpoint));
  try {
    return await use(client);
  } finally {
    client.destroy();
  }
}
