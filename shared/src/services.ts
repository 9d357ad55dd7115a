/** The services of an environment: the one list that settings, outputs, resources and commands follow. */

/** Each service as settings and outputs spell it, with its name in AWS and in commands. */
const NAMES = { gateway: "gateway", llmProxy: "llm-proxy", worker: "worker" } as const;

/** How settings and outputs spell a service. */
export type ServiceKey = keyof typeof NAMES;

/** How resources, secrets and commands spell a service. */
export type ServiceName = (typeof NAMES)[ServiceKey];

/** All services, as settings and outputs spell them. */
export const serviceKeys = Object.keys(NAMES) as readonly ServiceKey[];

/** Services behind a load balancer of their own, as settings and outputs spell them. */
export const publicServiceKeys = ["gateway", "llmProxy"] as const satisfies readonly ServiceKey[];

/** How settings and outputs spell a service behind a load balancer. */
export type PublicServiceKey = (typeof publicServiceKeys)[number];

/** All services, as resources and commands spell them; in the order of `serviceKeys`. */
export const serviceNames: readonly ServiceName[] = Object.values(NAMES);

/** Name of a service in AWS and in commands. */
export function serviceName(key: ServiceKey): ServiceName {
  return NAMES[key];
}

/** The service that resources and commands spell so; undefined when there is none. */
export function serviceKey(name: string): ServiceKey | undefined {
  return serviceKeys.find((key) => NAMES[key] === name);
}
