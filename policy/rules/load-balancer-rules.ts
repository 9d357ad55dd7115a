/** Controls of load balancers, their listeners and targets. */
import { isOn, listOf, mustBeOn, type Control, type Properties } from "../control.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

/** Predefined policies with TLS 1.2 or newer only (Elastic Load Balancing, Application Load Balancers: security policies). */
const TLS_1_2 = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;

/** Controls of load balancers. */
export const loadBalancerRules: readonly Control[] = [
  {
    name: "tls-is-1-2-or-newer",
    description: "HTTPS listeners speak TLS 1.2 or newer only.",
    controls: ["ELB.17", "ELB.18", "CKV_AWS_103"],
    severity: "medium",
    type: "aws:lb/listener:Listener",
    violation: ({ protocol, sslPolicy }) =>
      protocol === "HTTPS" && !TLS_1_2.test(String(sslPolicy)) ? "its policy allows older TLS" : undefined,
    fix: "Set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06.",
  },
  {
    name: "load-balancer-speaks-tls",
    description: "Load balancers pass nothing on that came in plain text.",
    controls: ["ELB.1", "CKV_AWS_2"],
    severity: "medium",
    type: "aws:lb/listener:Listener",
    violation: ({ protocol, defaultActions }) =>
      protocol === "HTTP" && listOf(defaultActions).some((action) => (action as Properties).type === "forward")
        ? "it passes plain HTTP on"
        : undefined,
    fix: "Set gatewayDomain and llmProxyDomain with hostedZoneId, or certificates with public URLs.",
    ifProtected: true,
    exemptedBy: "allowPlainHttp",
    advisory: true,
  },
  {
    name: "load-balancer-drops-bad-headers",
    description: "Headers that are no headers are dropped.",
    controls: ["ELB.4", "CKV_AWS_131"],
    severity: "medium",
    type: BALANCER,
    violation: mustBeOn("dropInvalidHeaderFields"),
    fix: "Set dropInvalidHeaderFields.",
  },
  {
    name: "load-balancer-refuses-desynchronised-requests",
    description: "Requests that servers understand in different ways are not passed on.",
    controls: ["ELB.12", "CKV_AWS_328"],
    severity: "medium",
    type: BALANCER,
    violation: ({ desyncMitigationMode = "defensive" }) =>
      desyncMitigationMode === "monitor" ? "it only watches them" : undefined,
    fix: "Set desyncMitigationMode to defensive or strictest.",
  },
  {
    name: "load-balancer-cannot-be-deleted-by-accident",
    description: "AWS refuses to delete the load balancer.",
    controls: ["ELB.6", "CKV_AWS_150"],
    severity: "medium",
    type: BALANCER,
    violation: mustBeOn("enableDeletionProtection"),
    fix: "Set protectResources to true, unless the environment is about to be destroyed.",
    ifProtected: true,
    advisory: true,
  },
  {
    name: "targets-are-checked",
    description: "Targets are asked whether they are well, on a path of their own.",
    controls: ["CKV_AWS_261"],
    severity: "medium",
    type: "aws:lb/targetGroup:TargetGroup",
    violation: ({ healthCheck }) => {
      const { path, enabled = true } = (healthCheck ?? {}) as Properties;
      return typeof path === "string" && isOn(enabled) ? undefined : "there is no health check with a path";
    },
    fix: "Set healthCheck with a path.",
  },
];
