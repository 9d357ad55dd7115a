/** Findings of the policy pack on a layer, from the events of `pulumi policy analyze --json`. Pure. */
import { z } from "zod";
import { shortUrn } from "../model/urn.ts";

/** A violation of a rule by a deployed resource. */
export interface PolicyFinding {
  /** Name of the rule in `policy/`. */
  readonly rule: string;
  /** A `mandatory` finding fails the command, an `advisory` one is only printed. */
  readonly level: "mandatory" | "advisory";
  /** Undefined for a rule on a whole layer. */
  readonly urn?: string;
  /** The violation, its controls and its fix. */
  readonly message: string;
}

const eventSchema = z.object({
  policyEvent: z
    .object({
      resourceUrn: z.string().optional(),
      message: z.string(),
      policyName: z.string(),
      enforcementLevel: z.enum(["mandatory", "advisory"]).catch("mandatory"),
    })
    .optional(),
});

/** Findings in the order of the events, one event on each line. */
export function findingsOf(output: string): readonly PolicyFinding[] {
  const lines = output.split("\n").filter((line) => line.startsWith("{"));
  return lines.flatMap((line) => {
    const { policyEvent } = eventSchema.parse(JSON.parse(line));
    return policyEvent === undefined ? [] : [findingOf(policyEvent)];
  });
}

type PolicyEvent = NonNullable<z.infer<typeof eventSchema>["policyEvent"]>;

function findingOf({ resourceUrn, message, policyName: rule, enforcementLevel: level }: PolicyEvent): PolicyFinding {
  const urn = resourceUrn === undefined || resourceUrn === "" ? {} : { urn: resourceUrn };
  return { rule, level, ...urn, message: message.trim().split("\n").at(-1) ?? "" };
}

/** A finding as a line for people. */
export function findingText({ rule, level, urn, message }: PolicyFinding): string {
  const where = urn === undefined ? "" : `${shortUrn(urn)}: `;
  return `${level === "mandatory" ? "✖" : "!"} ${where}${message} (${rule})`;
}
