/** Reads counts, progress, outputs and errors from the engine's events. Pure. */
import type { EngineEvent, PolicyEvent, StepEventMetadata } from "@pulumi/pulumi/automation/index.js";
import type { Progress } from "../model/layer-engine.ts";
import { NO_CHANGES, type ChangeCounts, type ResourceStep } from "../model/results.ts";
import { shortUrn } from "../model/urn.ts";

const SECRET = "[secret]";
const STACK_TYPE = "pulumi:pulumi:Stack";

/** The facts of an operation from its events so far. */
export interface OperationLog {
  readonly changes: ChangeCounts;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Errors that the engine reported, without colors, each once. */
  readonly errors: readonly string[];
  readonly resources: readonly ResourceStep[];
}

export const EMPTY_LOG: OperationLog = {
  changes: NO_CHANGES,
  outputs: {},
  errors: [],
  resources: [],
};

/** The count for a completed step. A replacement is counted once, without its parts. */
const COUNTED: Readonly<Record<string, keyof ChangeCounts>> = {
  create: "create",
  update: "update",
  replace: "replace",
  delete: "delete",
  same: "same",
};

/** Removes the engine's color marks and surrounding space. */
export function plainText(message: string): string {
  return message.replace(/<\{%[^%]*%\}>/g, "").trim();
}

const PROGRESS: Readonly<Record<string, string>> = {
  create: "creating",
  "create-replacement": "creating",
  update: "updating",
  delete: "deleting",
  "delete-replaced": "deleting",
  import: "importing",
};

/** A violation of a rule of the policy pack, with resource and rule. */
function policyText({ resourceUrn = "", message, policyName }: PolicyEvent): string {
  const where = resourceUrn === "" ? "" : `${shortUrn(resourceUrn)}: `;
  return `${where}${plainText(message).split("\n").at(-1) ?? ""} (rule ${policyName})`;
}

/** The progress that an event reports, if any. */
export function progressOf(event: EngineEvent): Progress | undefined {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, policyEvent, diagnosticEvent } = event;
  if (policyEvent !== undefined && policyEvent.enforcementLevel !== "mandatory") {
    return { kind: "message", text: policyText(policyEvent) };
  }
  // Messages of the layer's program, such as the progress of a migration.
  if (diagnosticEvent?.severity === "info") {
    return { kind: "message", text: plainText(diagnosticEvent.message) };
  }
  const step = (resourcePreEvent ?? resOutputsEvent ?? resOpFailedEvent)?.metadata;
  const verb = step === undefined ? undefined : PROGRESS[step.op];
  return step === undefined || verb === undefined || isComponent(step)
    ? undefined
    : { kind: resourcePreEvent === undefined ? "end" : "begin", text: `${verb} ${shortUrn(step.urn)}` };
}

/** Whether a step is on the stack or a component, which exist in Pulumi's state only. */
function isComponent({ type }: StepEventMetadata): boolean {
  return type === STACK_TYPE || type.startsWith("proliferate:");
}

/** Adds an event of the time `now` to the log, in milliseconds since 1970: the engine's own times are whole seconds. */
export function withEvent(log: OperationLog, event: EngineEvent, now: number): OperationLog {
  const { resourcePreEvent, resOutputsEvent, resOpFailedEvent, diagnosticEvent, policyEvent } = event;
  if (resourcePreEvent !== undefined) {
    return withBegun(log, resourcePreEvent.metadata, now);
  }
  if (resOutputsEvent !== undefined) {
    return withStep(withEnded(log, resOutputsEvent.metadata, now, false), resOutputsEvent.metadata);
  }
  if (resOpFailedEvent !== undefined) {
    const { metadata } = resOpFailedEvent;
    const text = `${shortUrn(metadata.urn)} could not be ${pastOf(metadata.op)}`;
    return withError(withEnded(log, metadata, now, true), text);
  }
  if (policyEvent?.enforcementLevel === "mandatory") {
    return withError(log, policyText(policyEvent));
  }
  if (diagnosticEvent?.severity === "error") {
    return withError(log, plainText(diagnosticEvent.message));
  }
  return log;
}

/** Operations that do not change a resource. */
const WORKLESS = new Set(["same", "read", "refresh", "discard", "read-discard", "replace"]);

function isWork(step: StepEventMetadata): boolean {
  return !WORKLESS.has(step.op) && !isComponent(step) && !step.type.startsWith("pulumi:");
}

function withBegun(log: OperationLog, step: StepEventMetadata, now: number): OperationLog {
  const { urn, op } = step;
  return isWork(step)
    ? { ...log, resources: [...log.resources, { urn, op, startedAt: now, endedAt: undefined, failed: false }] }
    : log;
}

function withEnded(log: OperationLog, step: StepEventMetadata, now: number, failed: boolean): OperationLog {
  const { urn, op } = step;
  // A refresh begins as such, and ends as the difference that it found.
  if (isWork(step) && !log.resources.some((each) => each.urn === urn && each.op === op)) {
    return { ...log, resources: [...log.resources, { urn, op, startedAt: now, endedAt: now, failed }] };
  }
  const resources = log.resources.map((each) =>
    each.urn === urn && each.op === op && each.endedAt === undefined ? { ...each, endedAt: now, failed } : each,
  );
  return { ...log, resources };
}

function pastOf(op: string): string {
  return PROGRESS[op]?.replace(/ing$/, "ed") ?? op;
}

function withStep(log: OperationLog, step: StepEventMetadata): OperationLog {
  const outputs =
    step.type === STACK_TYPE && step.op !== "delete" ? publicOutputs(step.new?.outputs ?? {}) : log.outputs;
  const counted = isComponent(step) || step.type.startsWith("pulumi:") ? undefined : COUNTED[step.op];
  const changes = counted === undefined ? log.changes : { ...log.changes, [counted]: log.changes[counted] + 1 };
  return { ...log, outputs, changes };
}

/** Errors that only repeat that another error was reported. */
const ECHO = /^(update|destroy|preview) failed$|resource registration|^One or more /i;

function withError(log: OperationLog, message: string): OperationLog {
  const known = message === "" || ECHO.test(message) || log.errors.includes(message);
  return known ? log : { ...log, errors: [...log.errors, message] };
}

/** Outputs without those that are secret; the engine shows a placeholder in their place. */
function publicOutputs(outputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(outputs).filter(([, value]) => !JSON.stringify(value ?? null).includes(SECRET)),
  );
}
