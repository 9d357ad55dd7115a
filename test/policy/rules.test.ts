/** Every rule of the policy pack: a resource that keeps it passes, one that breaks it does not, and is told why. */
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { setAllConfig } from "@pulumi/pulumi/runtime/config.js";
import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import type { Properties } from "@proliferate-infra/policy/control.ts";
import { controls, policies } from "@proliferate-infra/policy/policies.ts";
import { withRuleTable } from "@proliferate-infra/policy/rule-table.ts";
import { missingKinds, plainBesideTls, zones, expectedKinds } from "@proliferate-infra/policy/stack-rules.ts";
import { layers } from "@proliferate-infra/shared/layers";
import { badResources } from "./bad-resources.ts";
import { goodResources } from "./good-resources.ts";

/** What a rule reports about a resource of a stack. */
function reported(name: string, type: string, props: Properties, stack = "prod"): readonly string[] {
  const policy = policies.find((each) => each.name === name) as ResourceValidationPolicy | undefined;
  const check = policy?.validateResource;
  if (typeof check !== "function") {
    throw new Error(`There is no rule ${name}.`);
  }
  const texts: string[] = [];
  const urn = `urn:pulumi:${stack}::proliferate-data::${type}::it`;
  // What the engine would add, rules do not look at.
  const args = { type, props, urn, name: "it" } as unknown as ResourceValidationArgs;
  void check(args, (text) => texts.push(text));
  return texts;
}

describe("the policy pack", () => {
  for (const { name, type, controls: ids, severity, fix, ifProtected } of controls) {
    it(`has the rule ${name}`, () => {
      const good = goodResources[type];
      expect(good, type).not.to.equal(undefined);
      expect(reported(name, type, good ?? {})).to.deep.equal([]);
      const bad = badResources[name] ?? [];
      expect(bad.length).to.be.greaterThan(0);
      for (const change of bad) {
        const [text, ...more] = reported(name, type, { ...good, ...change });
        expect(more).to.deep.equal([]);
        expect(text, JSON.stringify(change)).to.contain(severity).and.to.contain(ids[0]).and.to.contain(fix);
        expect(reported(name, type, { ...good, ...change }, "local").length).to.equal(ifProtected === true ? 0 : 1);
        expect(reported(name, "aws:sns/topic:Topic", { ...good, ...change })).to.deep.equal([]);
      }
    });
  }

  it("applies rules of protected environments by the setting, not by the stack's name", () => {
    const [name, type] = ["database-leaves-a-final-snapshot", "aws:rds/instance:Instance"];
    const bad = { ...goodResources[type], skipFinalSnapshot: true };
    expect(reported(name, type, bad, "dev-x")).to.have.length(1);
    setAllConfig({ "proliferate-data:protectResources": "false" });
    try {
      expect(reported(name, type, bad, "prod")).to.deep.equal([]);
    } finally {
      setAllConfig({});
    }
  });

  it("does not apply a rule whose exemption is set", () => {
    const [name, type] = ["load-balancer-speaks-tls", "aws:lb/listener:Listener"];
    const bad = { protocol: "HTTP", defaultActions: [{ type: "forward" }] };
    expect(reported(name, type, bad)).to.have.length(1);
    setAllConfig({ "proliferate-data:allowPlainHttp": "true" });
    try {
      expect(reported(name, type, bad)).to.deep.equal([]);
    } finally {
      setAllConfig({});
    }
  });

  it("is equal to the table in docs/security.md", () => {
    const text = readFileSync(new URL("../../docs/security.md", import.meta.url), "utf8");
    expect(withRuleTable(text)).to.equal(text);
    expect(text.match(/^\| `/gm)).to.have.length(policies.length);
  });

  it("has unique rule names, and a rule for every example", () => {
    const names = controls.map(({ name }) => name);
    expect(new Set(names).size).to.equal(names.length);
    expect(Object.keys(badResources).filter((name) => !names.includes(name))).to.deep.equal([]);
  });

  it("allows internal rules for a security group, and a writable root of the llm-proxy", () => {
    const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
    const inner = {
      referencedSecurityGroupId: "sg-1",
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
      description: "x",
    };
    for (const { name } of controls.filter(({ type }) => type === ingress)) {
      expect(reported(name, ingress, inner), name).to.deep.equal([]);
    }
    const task = { containerDefinitions: JSON.stringify([{ name: "llm-proxy", readonlyRootFilesystem: false }]) };
    expect(reported("containers-cannot-write-their-root", "aws:ecs/taskDefinition:TaskDefinition", task)).to.deep.equal(
      [],
    );
  });

  const resource = (type: string, props: Properties = {}) => ({ type, name: "it", props });

  it("fails for a layer without its expected resource types", () => {
    for (const { project } of layers) {
      const kinds = (expectedKinds[project] ?? []).map((kind) => (typeof kind === "string" ? kind : (kind[0] ?? "")));
      const all = kinds.map((kind) => resource(kind));
      expect(missingKinds(project, all)).to.deep.equal([]);
      kinds.forEach((kind, index) => {
        expect(missingKinds(project, all.toSpliced(index, 1)).join()).to.contain(kind);
      });
      expect(missingKinds(project, [])).to.have.length(kinds.length);
    }
    expect(missingKinds("somebody-elses", [])).to.have.length(1);
  });

  it("fails for HTTP that does not redirect to HTTPS", () => {
    const listener = (protocol: string, type: string, loadBalancerArn = "alb") =>
      resource("aws:lb/listener:Listener", { protocol, loadBalancerArn, defaultActions: [{ type }] });
    expect(plainBesideTls([listener("HTTP", "forward")])).to.deep.equal([]);
    expect(plainBesideTls([listener("HTTP", "redirect"), listener("HTTPS", "forward")])).to.deep.equal([]);
    expect(plainBesideTls([listener("HTTP", "forward"), listener("HTTPS", "forward")])).to.deep.equal(["alb"]);
    expect(plainBesideTls([listener("HTTP", "forward", "other"), listener("HTTPS", "forward")])).to.deep.equal([]);
  });

  it("counts the zones of subnets", () => {
    const subnet = (availabilityZone: string) => resource("aws:ec2/subnet:Subnet", { availabilityZone });
    expect(zones([subnet("a"), subnet("b"), subnet("a"), resource("aws:ec2/vpc:Vpc")]).size).to.equal(2);
  });
});
