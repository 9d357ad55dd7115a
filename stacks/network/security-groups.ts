/**
 * Every security group of an environment and who may reach whom, as one table. Rules are resources of their own: AWS merges
 * inline rules and rule resources of one group unpredictably, and the provider removes AWS's own allow-all egress rule.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { LayerScope } from "@proliferate-infra/shared/program/layer";

const ANYWHERE = "0.0.0.0/0";
const HTTP = 80;
const HTTPS = 443;
const POSTGRES = 5432;
const REDIS = 6379;

/** The security groups, each named after what uses it. */
export interface SecurityGroups {
  readonly gatewayAlb: aws.ec2.SecurityGroup;
  readonly gatewayTask: aws.ec2.SecurityGroup;
  readonly llmProxyAlb: aws.ec2.SecurityGroup | undefined;
  readonly llmProxyTask: aws.ec2.SecurityGroup | undefined;
  readonly workerTask: aws.ec2.SecurityGroup;
  readonly redis: aws.ec2.SecurityGroup;
  readonly database: aws.ec2.SecurityGroup;
}

/** Creates the groups and their rules. */
export function createSecurityGroups(scope: LayerScope<"network">, vpcId: pulumi.Input<string>): SecurityGroups {
  const { settings } = scope;
  const group = (name: string, description: string) => createGroup(scope, vpcId, name, description);
  const gatewayAlb = group("gateway-alb", "Load balancer of the gateway");
  const gatewayTask = group("gateway-task", "Tasks of the gateway");
  const llmProxyAlb = settings.enableLlmProxy ? group("llm-proxy-alb", "Load balancer of the llm-proxy") : undefined;
  const llmProxyTask = settings.enableLlmProxy ? group("llm-proxy-task", "Tasks of the llm-proxy") : undefined;
  const workerTask = group("worker-task", "Tasks of the worker");
  const redis = group("redis", "Redis");
  const database = group("database", "Postgres");

  const rules = new Rules(scope);
  rules.publicService("gateway", gatewayAlb, gatewayTask, settings.gatewayPort);
  if (llmProxyAlb !== undefined && llmProxyTask !== undefined) {
    rules.publicService("llm-proxy", llmProxyAlb, llmProxyTask, settings.llmProxyPort);
  }
  const tasks = { gateway: gatewayTask, ...(llmProxyTask && { "llm-proxy": llmProxyTask }), worker: workerTask };
  for (const [service, task] of Object.entries(tasks)) {
    rules.connect(`${service}-task`, task, "redis", redis, REDIS);
    rules.connect(`${service}-task`, task, "database", database, POSTGRES);
    rules.allEgress(`${service}-task`, task);
  }
  for (const cidr of settings.dbAllowedCidrs) {
    rules.ingressFromRange("database", database, cidr, POSTGRES);
  }
  return { gatewayAlb, gatewayTask, llmProxyAlb, llmProxyTask, workerTask, redis, database };
}

function createGroup(
  { settings, parent, name }: LayerScope<"network">,
  vpcId: pulumi.Input<string>,
  part: string,
  description: string,
): aws.ec2.SecurityGroup {
  return new aws.ec2.SecurityGroup(
    part,
    { vpcId, name: name("securityGroup", part), description, tags: { Name: name("tag", part) } },
    { parent, protect: settings.protectResources },
  );
}

/** Creates rules; each has one source or target and a description. */
class Rules {
  readonly #parent: pulumi.Resource;

  constructor({ parent }: LayerScope<"network">) {
    this.#parent = parent;
  }

  /** The Internet reaches the load balancer, and only the load balancer reaches the tasks. */
  publicService(service: string, alb: aws.ec2.SecurityGroup, task: aws.ec2.SecurityGroup, port: number): void {
    for (const open of [HTTP, HTTPS]) {
      this.ingressFromRange(`${service}-alb`, alb, ANYWHERE, open);
    }
    this.#egress(`${service}-alb-to-${service}-task`, alb, {
      description: `To tasks of the ${service}`,
      referencedSecurityGroupId: task.id,
      ...tcp(port),
    });
    this.connect(`${service}-alb`, alb, `${service}-task`, task, port);
  }

  /** One group reaches another on one port; what the source may reach is a rule of the source. */
  connect(from: string, source: aws.ec2.SecurityGroup, to: string, target: aws.ec2.SecurityGroup, port: number): void {
    this.#ingress(`${to}-from-${from}`, target, {
      description: `From ${from}`,
      referencedSecurityGroupId: source.id,
      ...tcp(port),
    });
  }

  ingressFromRange(to: string, target: aws.ec2.SecurityGroup, cidrIpv4: string, port: number): void {
    const from = cidrIpv4 === ANYWHERE ? "internet" : cidrIpv4.replace("/", "-");
    this.#ingress(`${to}-from-${from}-${port}`, target, {
      description: cidrIpv4 === ANYWHERE ? "From the Internet" : `From ${cidrIpv4}`,
      cidrIpv4,
      ...tcp(port),
    });
  }

  /**
   * Tasks reach LLM providers, Git hosts, webhooks and sandboxes of customers, on ports and addresses that are not known
   * beforehand; a list of ports would break them without keeping anything in, since 443 alone reaches everywhere.
   */
  allEgress(from: string, source: aws.ec2.SecurityGroup): void {
    this.#egress(`${from}-to-anywhere`, source, { description: "To anywhere", cidrIpv4: ANYWHERE, ipProtocol: "-1" });
  }

  #ingress(name: string, target: aws.ec2.SecurityGroup, rule: RuleArgs): void {
    new aws.vpc.SecurityGroupIngressRule(name, { securityGroupId: target.id, ...rule }, { parent: this.#parent });
  }

  #egress(name: string, source: aws.ec2.SecurityGroup, rule: RuleArgs): void {
    new aws.vpc.SecurityGroupEgressRule(name, { securityGroupId: source.id, ...rule }, { parent: this.#parent });
  }
}

type RuleArgs = Omit<aws.vpc.SecurityGroupIngressRuleArgs, "securityGroupId">;

function tcp(port: number) {
  return { ipProtocol: "tcp", fromPort: port, toPort: port };
}
