/** What a check is, and what all of them look at. */
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { Environment } from "@proliferate-infra/backend/environment/environment";
import { findStackFiles, type StackFiles } from "@proliferate-infra/backend/pulumi-files/stack-file";
import type { CheckName, CheckReport } from "./finding.ts";

/** One check. */
export interface Check {
  readonly name: CheckName;
  /** Looks, and judges what it finds. Changes nothing. */
  readonly run: (context: CheckContext) => Promise<CheckReport>;
}

/** What is checked. */
export interface Subject {
  /** The repository. */
  readonly root: string;
  readonly environment: Environment;
  /** Layers that the command works on, in order. */
  readonly layers: readonly LayerName[];
  /** Variables of this process: where tools and credentials are found. AWS clients read the process's own. */
  readonly env: NodeJS.ProcessEnv;
}

/** Looks at one thing that several checks judge. */
export type Probe<T> = (context: CheckContext) => Promise<T>;

/** The subject as all checks see it. */
export class CheckContext {
  readonly subject: Subject;
  /** The layers' settings files. */
  readonly files: StackFiles;
  readonly #found = new Map<unknown, Promise<unknown>>();

  constructor(subject: Subject) {
    this.subject = subject;
    this.files = findStackFiles(subject.root, subject.environment.stack, subject.layers);
  }

  /** What a probe finds. Each looks once, however many checks ask. */
  ask<T>(probe: Probe<T>): Promise<T> {
    const found = (this.#found.get(probe) as Promise<T> | undefined) ?? probe(this);
    this.#found.set(probe, found);
    return found;
  }

  /** `aws:region` of each layer that has it. */
  get regions(): ReadonlyMap<LayerName, string> {
    return new Map(
      this.files.files.flatMap(({ layer, configuration }) => {
        const region = configuration.values.get("aws:region")?.text;
        return region === undefined ? [] : [[layer, region] as const];
      }),
    );
  }
}
