/** A check, and what it works on. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { findStackFiles, type StackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { CheckName, CheckReport } from "./finding.ts";

export interface Check {
  readonly name: CheckName;
  /** Reads, and reports what is wrong. Changes nothing. */
  readonly run: (context: CheckContext) => Promise<CheckReport>;
}

export interface Subject {
  /** Root of the repository. */
  readonly root: string;
  readonly environment: Environment;
  /** Layers that the command works on, in order. */
  readonly layers: readonly LayerName[];
  /** Environment variables, through which tools and credentials are found. AWS clients read those of the process itself. */
  readonly env: NodeJS.ProcessEnv;
}

/** Reads one thing that several checks need. */
export type Probe<T> = (context: CheckContext) => Promise<T>;

/** The subject, with the files and probe results that checks share. */
export class CheckContext {
  readonly subject: Subject;
  readonly files: StackFiles;
  readonly #found = new Map<unknown, Promise<unknown>>();

  constructor(subject: Subject) {
    this.subject = subject;
    this.files = findStackFiles(subject.root, subject.environment.stack, subject.layers);
  }

  /** Returns the result of a probe. Each probe runs once, no matter how many checks ask for it. */
  ask<T>(probe: Probe<T>): Promise<T> {
    const found = (this.#found.get(probe) as Promise<T> | undefined) ?? probe(this);
    this.#found.set(probe, found);
    return found;
  }

  /** `aws:region` by layer, where it is set. */
  get regions(): ReadonlyMap<LayerName, string> {
    return new Map(
      this.files.files.flatMap(({ layer, configuration }) => {
        const region = configuration.values.get("aws:region")?.text;
        return region === undefined ? [] : [[layer, region] as const];
      }),
    );
  }
}
