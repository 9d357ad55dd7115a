/** Which proxy leads to an address, by the variables that most programs read: HTTPS_PROXY, HTTP_PROXY and NO_PROXY. */
import { ToolFault } from "./tool-fault.mjs";

/**
 * @param {URL} address
 * @param {NodeJS.ProcessEnv} env
 * @returns {URL | undefined} undefined where the address is reached directly
 * @throws {ToolFault} when the variable holds something else than an HTTP proxy
 */
export function proxyFor(address, env) {
  const name = address.protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const value = variable(name, env);
  if (value === undefined || isExcluded(address, variable("NO_PROXY", env))) return undefined;
  const text = value.includes("://") ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy === undefined || !["http:", "https:"].includes(proxy.protocol)) {
    // Its value may hold a password.
    throw new ToolFault(`${name} is not the address of an HTTP proxy`, { fix: `export ${name}=http://host:port` });
  }
  return proxy;
}

/** @param {URL} proxy @returns {Record<string, string>} headers that log in, where the proxy's address has a user */
export function proxyCredentials({ username, password }) {
  if (username === "") return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { "proxy-authorization": `Basic ${Buffer.from(credentials).toString("base64")}` };
}

/** @param {string} name @param {NodeJS.ProcessEnv} env @returns {string | undefined} in lower case first, as curl does */
function variable(name, env) {
  return [env[name.toLowerCase()], env[name]].find((value) => value !== undefined && value !== "");
}

/**
 * @param {URL} address
 * @param {string | undefined} list names, which include all below them, each with a port or without; `*` is everything
 * @returns {boolean}
 */
function isExcluded({ hostname, port, protocol }, list = "") {
  const usedPort = port === "" ? { "http:": "80", "https:": "443" }[protocol] : port;
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      if (entry === "*") return true;
      const [, name, onlyPort] = /^\*?\.?(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      if (name === undefined || (onlyPort !== undefined && onlyPort !== usedPort)) return false;
      return hostname === name || hostname.endsWith(`.${name}`);
    });
}
