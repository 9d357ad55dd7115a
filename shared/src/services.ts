/** The services of an environment. Settings, outputs, resources and commands all use this list. */

/** Key of each service in settings and outputs, with its name in AWS and in commands. */
const NAMES = { gateway: "gateway", llmProxy: "llm-proxy", worker: "worker" } as const;

/** A service in the names of settings and outputs, such as `llmProxy`. */
export type ServiceKey = keyof typeof NAMES;

/** A service in the names of resources, secrets and commands, such as `llm-proxy`. */
export type ServiceName = (typeof NAMES)[ServiceKey];

export const serviceKeys = Object.keys(NAMES) as readonly ServiceKey[];

/** Services that have a load balancer. */
export const publicServiceKeys = ["gateway", "llmProxy"] as const satisfies readonly ServiceKey[];

export type PublicServiceKey = (typeof publicServiceKeys)[number];

/** All services, in the order of `serviceKeys`. */
export const serviceNames: readonly ServiceName[] = Object.values(NAMES);

export function serviceName(key: ServiceKey): ServiceName {
  return NAMES[key];
}

/** Returns the key of the service with that name; undefined when there is none. */
export function serviceKey(name: string): ServiceKey | undefined {
  return serviceKeys.find((key) => NAMES[key] === name);
}

/** Name of the task that migrates the database, and of its container. */
export const MIGRATION = "migration";

/** Names of the containers that run the application's images. A task has one of them; others in it are sidecars. */
export const applicationContainerNames: readonly string[] = [...serviceNames, MIGRATION];
