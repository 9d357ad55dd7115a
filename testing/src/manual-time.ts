/** A clock that advances only when a test advances it. */
import { setTimeout as realTime } from "node:timers/promises";
import type { Timing } from "@proliferate-infra/backend/lock/timing";

interface Alarm {
  at: number;
  readonly again: number | undefined;
  readonly ring: () => void;
}

/** Length of one step of `pass`, in milliseconds. */
const STEP_MS = 1_000;
/** Real milliseconds between two steps, in which I/O can proceed. */
const ROOM_MS = 3;

export class ManualTime implements Timing {
  readonly random = (): number => 0;
  #now: number;
  #alarms: Alarm[] = [];
  #isFrozen = false;

  constructor(now: number) {
    this.#now = now;
  }

  readonly now = (): number => this.#now;

  readonly sleep = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => {
      this.#alarms.push({ at: this.#now + milliseconds, again: undefined, ring: resolve });
    });

  readonly every = (milliseconds: number, work: () => void): (() => void) => {
    const alarm = { at: this.#now + milliseconds, again: milliseconds, ring: work };
    this.#alarms.push(alarm);
    return () => {
      this.#alarms = this.#alarms.filter((each) => each !== alarm);
    };
  };

  /** Advances the clock without firing timers, to simulate processes that are dead or suspended. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Stops timers from firing until `thaw`. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Lets timers fire again. */
  thaw(): void {
    this.#isFrozen = false;
  }

  /** Advances the clock in small steps. I/O can proceed between the steps. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    while (this.#now < end) {
      this.#now = Math.min(this.#now + STEP_MS, end);
      this.#ring();
      await realTime(ROOM_MS);
    }
  }

  /** Advances the clock until `work` settles. Returns its result. */
  async until<T>(work: Promise<T>): Promise<T> {
    const state = { isOver: false };
    const end = () => (state.isOver = true);
    work.then(end, end);
    while (!state.isOver) {
      await this.pass(STEP_MS);
    }
    return work;
  }

  #ring(): void {
    if (this.#isFrozen) {
      return;
    }
    for (const alarm of this.#alarms.filter(({ at }) => at <= this.#now)) {
      if (alarm.again === undefined) {
        this.#alarms = this.#alarms.filter((each) => each !== alarm);
      } else {
        alarm.at = this.#now + alarm.again;
      }
      alarm.ring();
    }
  }
}
