import { TLS_POLICY } from "@proliferate-infra/shared/aws/end-dates";
import { isOn, listOf, mustBeOn, type Control, type Properties } from "../control.ts";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";

/** Predefined policies that allow only TLS 1.2 or newer (Elastic Load Balancing User Guide: security policies). */
const TLS_1_2 = /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2|FS-1-2)/;

/** Rules for load balancers, listeners and target groups. */
export const loadBalancerRules: readonly Control[] = [
  {
    name: "tls-is-1-2-or-newer",
    description: "HTTPS listeners accept only TLS 1.2 or newer.",
    controls: ["ELB.17", "ELB.18", "CKV_AWS_103"],
    severity: "medium",
    type: "aws:lb/listener:Listener",
    violation: ({ protocol, sslPolicy }) =>
      protocol === "HTTPS" && !TLS_1_2.test(String(sslPolicy)) ? "its policy allows older TLS" : undefined,
    fix: `Set sslPolicy to ${TLS_POLICY}.`,
  },
  {
    name: "load-balancer-speaks-tls",
    description: "Load balancers do not forward requests that came over plain HTTP.",
    controls: ["ELB.1", "CKV_AWS_2"],
    severity: "medium",
    type: "aws:lb/listener:Listener",
    violation: ({ protocol, defaultActions }) =>
      protocol === "HTTP" && listOf(defaultActions).some((action) => (action as Properties).type === "forward")
        ? "it forwards plain HTTP"
        : undefined,
    fix: "Set gatewayDomain and llmProxyDomain with hostedZoneId, or certificates with public URLs.",
    ifProtected: true,
    exemptedBy: "allowPlainHttp",
    advisory: true,
  },
  {
    name: "load-balancer-drops-bad-headers",
    description: "Load balancers drop invalid headers.",
    controls: ["ELB.4", "CKV_AWS_131"],
    severity: "medium",
    type: BALANCER,
    violation: mustBeOn("dropInvalidHeaderFields"),
    fix: "Set dropInvalidHeaderFields.",
  },
  {
    name: "load-balancer-refuses-desynchronised-requests",
    description: "Load balancers do not forward ambiguous requests (request smuggling).",
    controls: ["ELB.12", "CKV_AWS_328"],
    severity: "medium",
    type: BALANCER,
    violation: ({ desyncMitigationMode = "defensive" }) =>
      desyncMitigationMode === "monitor" ? "it only monitors them" : undefined,
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
    description: "Target groups have a health check with a path.",
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
