/**
 * GET over HTTP and HTTPS. Node.js' own `fetch` knows no proxy before version 24, and none of its options takes another
 * authority; a package cannot help, for this runs before any is installed.
 */
import { readFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { connect as connectTls, rootCertificates } from "node:tls";
import { proxyCredentials, proxyFor } from "./proxy.mjs";
import { ToolFault } from "./tool-fault.mjs";

const maxRedirects = 5;
/** Variables that name a file of further authorities, such as that of a proxy that opens connections. */
const authorityVariables = /** @type {const} */ (["AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS"]);

/**
 * @typedef {{ env: NodeJS.ProcessEnv, signal: AbortSignal }} GetOptions `env`: names proxy and authorities
 * @typedef {{ ca: string[] | undefined, signal: AbortSignal }} Connection `ca`: authorities; undefined for Node.js' own
 */

/**
 * Follows redirects, but none from HTTPS to HTTP.
 * @param {string} url
 * @param {GetOptions} options
 * @returns {Promise<import("node:http").IncomingMessage>} the answer with status 200; its body is not read yet
 */
export async function get(url, { env, signal }) {
  const connection = { ca: authorities(env), signal };
  let address = new URL(url);
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    const response = await answer(address, proxyFor(address, env), connection);
    if (response.statusCode === 200) return response;
    response.destroy();
    const { location } = response.headers;
    const isRedirect = response.statusCode !== undefined && response.statusCode >= 300 && response.statusCode < 400;
    if (!isRedirect || location === undefined) throw new Error(`HTTP status ${response.statusCode}`);
    const next = new URL(location, address);
    if (address.protocol === "https:" && next.protocol !== "https:") throw new Error(`it leads to ${next.origin}`);
    address = next;
  }
  throw new Error(`more than ${maxRedirects} redirects`);
}

/** @param {NodeJS.ProcessEnv} env @returns {string[] | undefined} */
function authorities(env) {
  const own = authorityVariables.flatMap((name) => {
    const file = env[name];
    return file === undefined || file === "" ? [] : [readAuthorities(name, file)];
  });
  return own.length === 0 ? undefined : [...rootCertificates, ...own];
}

/** @param {string} name @param {string} file @returns {string} */
function readAuthorities(name, file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw new ToolFault(`${name} names ${file}, which cannot be read`, { fix: `correct it, or unset ${name}` });
  }
}

/**
 * @param {URL} address
 * @param {URL | undefined} proxy
 * @param {Connection} connection
 * @returns {Promise<import("node:http").IncomingMessage>}
 */
async function answer(address, proxy, connection) {
  const options = await requestOptions(address, proxy, connection);
  return new Promise((resolve, reject) => {
    send(proxy !== undefined && address.protocol === "http:" ? proxy : address, { ...connection, ...options })
      .on("response", resolve)
      .on("error", reject)
      .end();
  });
}

/**
 * What a proxy changes: it is asked for the whole address of HTTP, and for a tunnel to that of HTTPS.
 * @param {URL} address
 * @param {URL | undefined} proxy
 * @param {Connection} connection
 * @returns {Promise<import("node:https").RequestOptions>}
 */
async function requestOptions(address, proxy, connection) {
  if (proxy === undefined) return { agent: false };
  if (address.protocol === "http:") {
    return { agent: false, path: address.href, headers: { host: address.host, ...proxyCredentials(proxy) } };
  }
  const socket = await openTunnel(address, proxy, connection);
  const { hostname } = address;
  const servername = isIP(hostname) === 0 ? hostname : "";
  return { createConnection: () => connectTls({ socket, host: hostname, servername, ca: connection.ca }) };
}

/**
 * @param {URL} address
 * @param {URL} proxy
 * @param {Connection} connection
 * @returns {Promise<import("node:net").Socket>}
 */
function openTunnel({ hostname, port }, proxy, connection) {
  const path = `${hostname}:${port === "" ? 443 : port}`;
  const headers = { host: path, ...proxyCredentials(proxy) };
  return new Promise((resolve, reject) => {
    send(proxy, { ...connection, agent: false, method: "CONNECT", path, headers })
      .on("connect", ({ statusCode }, socket) => {
        if (statusCode === 200) return resolve(/** @type {import("node:net").Socket} */ (socket));
        socket.destroy();
        reject(new Error(`the proxy ${proxy.host} answers with HTTP status ${statusCode}`));
      })
      .on("error", (error) => reject(new Error(`the proxy ${proxy.host} cannot be used: ${error.message}`)))
      .end();
  });
}

/** @param {URL} address @param {import("node:https").RequestOptions} options */
function send(address, options) {
  return (address.protocol === "https:" ? httpsRequest : httpRequest)(address, options);
}
