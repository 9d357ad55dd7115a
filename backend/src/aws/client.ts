/**
 * Makes all clients of the AWS SDK, so that each of them reaches AWS through the user's proxy. The SDK itself ignores HTTPS_PROXY,
 * HTTP_PROXY, NO_PROXY and AWS_CA_BUNDLE, which the AWS CLI and Pulumi's provider use.
 */
import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import { UserError } from "../errors.ts";

/** What differs between clients. */
export interface ClientOptions {
  /** Undefined: the region of AWS_REGION or of the profile. */
  readonly region?: string | undefined;
  /** Undefined: AWS, or AWS_ENDPOINT_URL. */
  readonly endpoint?: string;
  /** Undefined: those that the SDK finds. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Attempts of a call, 3 by default. */
  readonly maxAttempts?: number;
  /** In milliseconds; by default the SDK's own. */
  readonly timeouts?: { readonly connectionTimeout: number; readonly requestTimeout: number };
}

type Configuration = Omit<ClientOptions, "region" | "timeouts" | "credentials"> & {
  readonly region?: string;
  readonly requestHandler: NodeHttpHandler;
  readonly credentials?: NonNullable<ClientOptions["credentials"]> | ReturnType<typeof defaultProvider>;
};

/** Connections that one client has open at the same time, and whether it uses them again: the SDK's own values. */
const CONNECTIONS = { keepAlive: true, maxSockets: 50 };

/**
 * A new client, such as `awsClient(S3Client, { region })`. Its `destroy` closes its connections.
 *
 * @throws UserError when a variable names no proxy, or a file that cannot be read.
 */
export function awsClient<C>(Client: new (configuration: Configuration) => C, options: ClientOptions): C {
  const { region, timeouts, ...others } = options;
  const isDirect = requireProxies(process.env).length === 0;
  const ca = authorities(process.env);
  const requestHandler = new NodeHttpHandler(
    isDirect && ca === undefined ? timeouts : async () => ({ ...timeouts, ...(await agents(ca)) }),
  );
  return new Client({
    // The SDK gives the clients with which it gets credentials their own connections, unless a provider says otherwise.
    credentials: defaultProvider({ clientConfig: { requestHandler } }),
    ...others,
    ...(region === undefined ? {} : { region }),
    requestHandler,
  });
}

/** Runs `work` with a new client, and closes the client's connections afterwards. */
export async function withAwsClient<C extends { destroy: () => void }, T>(
  Client: new (configuration: Configuration) => C,
  options: ClientOptions,
  work: (client: C) => Promise<T>,
): Promise<T> {
  const client = awsClient(Client, options);
  try {
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** The proxy and the authorities for each address. Loads the agent's code, so that it is not loaded without a proxy. */
async function agents(ca: string[] | undefined) {
  const { ProxyAgent } = await import("proxy-agent");
  const httpsAgent = new ProxyAgent(ca === undefined ? CONNECTIONS : { ...CONNECTIONS, ca });
  // Over a connection that it uses again, the agent sends plain HTTP requests without the host that the proxy needs.
  const httpAgent = new ProxyAgent({ ...CONNECTIONS, keepAlive: false });
  for (const agent of [httpAgent, httpsAgent]) {
    const byVariables = agent.getProxyForUrl;
    agent.getProxyForUrl = (url, request) => (isLoopback(new URL(url)) ? "" : byVariables(url, request));
  }
  return { httpAgent, httpsAgent };
}

/** Such addresses are of this machine, which a proxy cannot reach. Pulumi's provider excludes them too (Go's httpproxy). */
function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

const PROXY_VARIABLES = ["https_proxy", "HTTPS_PROXY", "http_proxy", "HTTP_PROXY"];

/** Variables of `env` that name a proxy. */
function requireProxies(env: NodeJS.ProcessEnv): readonly string[] {
  return PROXY_VARIABLES.filter((name) => {
    const value = env[name] ?? "";
    const url = value.includes("://") ? value : `http://${value}`;
    if (value !== "" && !(URL.canParse(url) && /^(https?|socks\w*):/.test(url))) {
      // The value may contain a password.
      throw new UserError(`${name} is not the address of a proxy. Correct it: export ${name}=http://host:port`);
    }
    return value !== "";
  });
}

/** Certificates of the authorities to trust; undefined for those of Node.js. */
function authorities({ AWS_CA_BUNDLE: file = "" }: NodeJS.ProcessEnv): string[] | undefined {
  if (file === "") {
    return undefined;
  }
  try {
    return [...getCACertificates("default"), readFileSync(file, "utf8")];
  } catch {
    throw new UserError(`AWS_CA_BUNDLE is ${file}, which cannot be read. Correct the path, or unset AWS_CA_BUNDLE.`);
  }
}
