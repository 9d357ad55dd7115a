/** What a rule is: a control of our table, a kind of resource, and a check that answers what is wrong. Pure. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { isProtected } from "@proliferate-infra/shared/settings/common-settings";

/** Properties of a resource, as its program or its state has them. */
export type Properties = Readonly<Record<string, unknown>>;

/** How much a violation matters: Prowler's words. */
type Severity = "low" | "medium" | "high" | "critical";

/** One control on one kind of resource. */
export interface Control {
  /** Name of the policy, unique. */
  readonly name: string;
  /** What must hold, as a sentence. */
  readonly description: string;
  /** Controls that ask for it: FSBP and CIS, Checkov (CKV), Prowler, or AWS's documentation where none does. */
  readonly controls: readonly string[];
  readonly severity: Severity;
  /** Type token, such as `aws:ec2/subnet:Subnet`. */
  readonly type: string;
  /** What is wrong, as half a sentence after the resource's name; undefined when nothing is. */
  readonly violation: (properties: Properties) => string | undefined;
  /** What fixes it. */
  readonly fix: string;
  /** Asked of protected environments only (`protectResources`): others must be quick to delete. */
  readonly ifProtected?: true;
  /** Setting of the layer that says, where it is true, that a violation is meant to be. */
  readonly exemptedBy?: SettingKey;
  /**
   * Only told, not refused: taking protection off is the documented first step of a destroy, and must be possible. Where it
   * is on, Pulumi's own `protect` refuses.
   */
  readonly advisory?: true;
}

/** The words of a violation. */
function violationText({ controls, severity, fix }: Control, fault: string): string {
  return `${fault} [${severity}; ${controls.join(", ")}]. ${fix}`;
}

/** The control as a policy of a pack. */
export function policyOf(control: Control): ResourceValidationPolicy {
  const { name, description, advisory, type, violation, ifProtected, exemptedBy } = control;
  return {
    name,
    description,
    enforcementLevel: advisory === true ? "advisory" : "mandatory",
    validateResource: ({ type: actual, props, urn }, report) => {
      if (actual !== type || (ifProtected === true && !belongsToProtected(urn))) {
        return;
      }
      if (exemptedBy !== undefined && settingsOf(urn).getBoolean(exemptedBy) === true) {
        return;
      }
      const fault = violation(props);
      if (fault !== undefined) {
        report(violationText(control, fault));
      }
    },
  };
}

/**
 * Whether the environment of a URN, `urn:pulumi:<stack>::<project>::...`, is protected. The rollout passes the stack's settings to the
 * pack; plain `pulumi preview` does not, and the default applies there (decision 17).
 */
function belongsToProtected(urn: string): boolean {
  const stack = urn.split("::")[0]?.split(":").at(-1) ?? "";
  return isProtected(stack, settingsOf(urn).get("protectResources"));
}

function settingsOf(urn: string): Config {
  return new Config(urn.split("::")[1] ?? "");
}

/** Whether a flag is on; some resources have it as a text in their state. */
export function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

/** Elements of a list; none when it is absent. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** A property that must be on. */
export function mustBeOn(property: string): Control["violation"] {
  return (properties) => (isOn(properties[property]) ? undefined : `${property} is not on`);
}

/** A property that must not be on. */
export function mustBeOff(property: string): Control["violation"] {
  return (properties) => (isOn(properties[property]) ? `${property} is on` : undefined);
}

/** A property that must have a value. */
export function mustBeSet(property: string): Control["violation"] {
  return (properties) => {
    const value = properties[property];
    return value === undefined || value === null || value === "" ? `${property} is not set` : undefined;
  };
}

/** A number that must be at least `least`. */
export function mustBeAtLeast(property: string, least: number): Control["violation"] {
  return (properties) => (Number(properties[property] ?? 0) >= least ? undefined : `${property} is below ${least}`);
}
