/** Live progress on a terminal: a line per layer with the current resource and the elapsed time. */
import { Listr, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from "listr2";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutObserver } from "../model/observer.ts";
import type { Progress } from "../model/layer-engine.ts";
import { isGood, type LayerResult } from "../model/results.ts";
import { formatChanges, formatStatus } from "./summary.ts";
import { formatDuration } from "@proliferate-infra/shared/values/duration";

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

const REFRESH_MS = 500;

/** Number of resources that are named at the same time. */
const SHOWN = 4;

/** The resources in progress, longest first, each with its duration, and the layer's last message. Pure. */
export function workText(working: ReadonlyMap<string, number>, message: string, now: number): string {
  const lines = [...working].map(([text, since]) => `${text} ${formatDuration(now - since)}`);
  const more = lines.length > SHOWN ? [`and ${lines.length - SHOWN} more`] : [];
  return [...lines.slice(0, SHOWN), ...more, ...(message === "" ? [] : [message])].join("\n");
}

/** One layer's line on the terminal. */
class LayerLine {
  readonly layer: LayerName;
  readonly #ended = Promise.withResolvers<LayerResult>();
  #startedAt = Date.now();
  /** Resources in progress, with their start in milliseconds since 1970. */
  readonly #working = new Map<string, number>();
  #message = "";
  #task: Task | undefined;

  constructor(layer: LayerName) {
    this.layer = layer;
  }

  started(): void {
    this.#startedAt = Date.now();
  }

  progressed({ kind, text }: Progress): void {
    if (kind === "begin") {
      this.#working.set(text, Date.now());
    } else if (kind === "end") {
      this.#working.delete(text);
    } else {
      this.#message = text;
    }
    this.#show();
  }

  ended(result: LayerResult): void {
    this.#ended.resolve(result);
  }

  /** Updates the line until the layer has ended. */
  async run(task: Task): Promise<void> {
    this.#task = task;
    const timer = setInterval(() => {
      this.#show();
    }, REFRESH_MS);
    const result = await this.#ended.promise;
    const { status, changes, durationMs } = result;
    clearInterval(timer);
    const facts = durationMs === 0 ? "" : `${formatDuration(durationMs)} ${formatChanges(changes)}`;
    task.title = `${this.layer} ${formatStatus(result)} ${facts}`.trimEnd();
    if (!isGood(status)) {
      throw new Error(task.title);
    }
  }

  #show(): void {
    if (this.#task !== undefined) {
      this.#task.title = `${this.layer} ${formatDuration(Date.now() - this.#startedAt)}`;
      this.#task.output = workText(this.#working, this.#message, Date.now());
    }
  }
}

/** Layers whose progress is shown. */
export interface ShownLayers {
  /** In the order of their lines. */
  readonly layers: readonly LayerName[];
  /** Whether they run at the same time. */
  readonly atOnce: boolean;
}

/** Progress of these layers; `finished` resolves when the last line has been drawn. */
export function terminalProgress({ layers, atOnce }: ShownLayers): {
  observer: RolloutObserver;
  finished: Promise<unknown>;
} {
  const lines = new Map(layers.map((layer) => [layer, new LayerLine(layer)]));
  const tasks = [...lines.values()].map((line) => ({
    title: line.layer,
    task: (_: unknown, task: Task) => line.run(task),
    rendererOptions: { outputBar: SHOWN + 2 },
  }));
  const list = new Listr(tasks, {
    exitOnError: false,
    // Otherwise a line is drawn only when the line above it has ended.
    concurrent: atOnce,
    rendererOptions: { collapseErrors: false, showErrorMessage: false },
  });
  return {
    observer: {
      started: (layer) => lines.get(layer)?.started(),
      progressed: (layer, progress) => lines.get(layer)?.progressed(progress),
      ended: (result) => lines.get(result.layer)?.ended(result),
    },
    finished: list.run(),
  };
}
