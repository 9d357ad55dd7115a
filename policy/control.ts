/** Rules of the policy pack: a control, a resource type, and a check that returns what is wrong. Pure. */
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { Config } from "@pulumi/pulumi";
import type { SettingKey } from "@proliferate-infra/shared/settings/catalog";
import { isProtected } from "@proliferate-infra/shared/settings/common-settings";

/** Properties of a resource, from its program or its state. */
export type Properties = Readonly<Record<string, unknown>>;

/** Severity of a violation, on Prowler's scale. */
type Severity = "low" | "medium" | "high" | "critical";

/** One control on one resource type. */
export interface Control {
  /** Unique name of the policy. */
  readonly name: string;
  /** The requirement, as a sentence. */
  readonly description: string;
  /** Controls that require it: FSBP, CIS, Checkov (CKV), Prowler; or AWS's documentation when none of them does. */
  readonly controls: readonly string[];
  readonly severity: Severity;
  /** Type token, such as `aws:ec2/subnet:Subnet`. */
  readonly type: string;
  /** Returns what is wrong, as the end of "<resource> ..."; undefined when nothing is. */
  readonly violation: (properties: Properties) => string | undefined;
  /** How to fix a violation, as a sentence. */
  readonly fix: string;
  /** Whether the rule applies only to protected environments (`protectResources`). Others must be quick to delete. */
  readonly ifProtected?: true;
  /** Setting of the layer that turns the rule off when it is true. */
  readonly exemptedBy?: SettingKey;
  /**
   * Whether a violation only gives a warning. Turning protection off is the documented first step of a destroy, so it
   * must be possible. While protection is on, Pulumi's own `protect` refuses.
   */
  readonly advisory?: true;
}

function violationText({ controls, severity, fix }: Control, fault: string): string {
  return `${fault} [${severity}; ${controls.join(", ")}]. ${fix}`;
}

/** Converts a control to a policy of a pack. */
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
 * Returns whether the environment of a URN, `urn:pulumi:<stack>::<project>::...`, is protected. The rollout passes the
 * stack's settings to the pack. A plain `pulumi preview` does not, so the default applies there (decision 17).
 */
function belongsToProtected(urn: string): boolean {
  const stack = urn.split("::")[0]?.split(":").at(-1) ?? "";
  return isProtected(stack, settingsOf(urn).get("protectResources"));
}

function settingsOf(urn: string): Config {
  return new Config(urn.split("::")[1] ?? "");
}

/** Returns whether a flag is on. Some resources store flags as text in their state. */
export function isOn(value: unknown): boolean {
  return value === true || value === "true";
}

/** Returns the elements of a list; empty when it is absent. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function mustBeOn(property: string): Control["violation"] {
  return (properties) => (isOn(properties[property]) ? undefined : `${property} is not on`);
}

export function mustBeOff(property: string): Control["violation"] {
  return (properties) => (isOn(properties[property]) ? `${property} is on` : undefined);
}

export function mustBeSet(property: string): Control["violation"] {
  return (properties) => {
    const value = properties[property];
    return value === undefined || value === null || value === "" ? `${property} is not set` : undefined;
  };
}

export function mustBeAtLeast(property: string, least: number): Control["violation"] {
  return (properties) => (Number(properties[property] ?? 0) >= least ? undefined : `${property} is below ${least}`);
}
