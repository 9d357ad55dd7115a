/** Live progress on a terminal: a line per layer with the resource at work and the elapsed time. */
import { Listr, type ListrTaskWrapper, type DefaultRenderer, type SimpleRenderer } from "listr2";
import type { LayerName } from "@proliferate-infra/shared/layers";
import type { RolloutObserver } from "./deploy-layers.ts";
import type { LayerResult } from "./layer-results.ts";
import { formatChanges, formatDuration, formatStatus } from "./summary-text.ts";

type Task = ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof SimpleRenderer>;

const REFRESH_MS = 500;

/** One layer's line on the terminal. */
class LayerLine {
  readonly layer: LayerName;
  readonly #ended = Promise.withResolvers<LayerResult>();
  #startedAt = Date.now();
  #working = "";
  #task: Task | undefined;

  constructor(layer: LayerName) {
    this.layer = layer;
  }

  started(): void {
    this.#startedAt = Date.now();
  }

  working(text: string): void {
    this.#working = text;
    this.#show();
  }

  ended(result: LayerResult): void {
    this.#ended.resolve(result);
  }

  /** Keeps the line up to date until the layer has ended. */
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
    if (status !== "succeeded" && status !== "unchanged") {
      throw new Error(task.title);
    }
  }

  #show(): void {
    if (this.#task !== undefined) {
      this.#task.title = `${this.layer} ${formatDuration(Date.now() - this.#startedAt)}`;
      this.#task.output = this.#working;
    }
  }
}

/** Progress of these layers; `finished` resolves when the last line has been drawn. */
export function terminalProgress(layers: readonly LayerName[]): {
  observer: RolloutObserver;
  finished: Promise<unknown>;
} {
  const lines = new Map(layers.map((layer) => [layer, new LayerLine(layer)]));
  const tasks = [...lines.values()].map((line) => ({
    title: line.layer,
    task: (_: unknown, task: Task) => line.run(task),
  }));
  const list = new Listr(tasks, {
    exitOnError: false,
    rendererOptions: { collapseErrors: false, showErrorMessage: false },
  });
  return {
    observer: {
      started: (layer) => lines.get(layer)?.started(),
      working: (layer, text) => lines.get(layer)?.working(text),
      ended: (result) => lines.get(result.layer)?.ended(result),
    },
    finished: list.run(),
  };
}
