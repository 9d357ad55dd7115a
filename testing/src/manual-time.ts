/** Time that passes only when a test says so. */
import { setTimeout as realTime } from "node:timers/promises";
import type { Timing } from "@proliferate-infra/backend/lock/timing";

interface Alarm {
  at: number;
  readonly again: number | undefined;
  readonly ring: () => void;
}

/** How long one step of `pass` is, in milliseconds. */
const STEP_MS = 1_000;
/** Real milliseconds in which I/O on this machine may get on between two steps. */
const ROOM_MS = 3;

/** A clock under control. */
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

  /** Moves the clock without ringing anything, as for processes that are dead or stopped while it is frozen. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  /** Alarms do not ring until `thaw`. */
  freeze(): void {
    this.#isFrozen = true;
  }

  /** Alarms ring again. */
  thaw(): void {
    this.#isFrozen = false;
  }

  /** Lets time pass in small steps, with room for I/O between them. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    while (this.#now < end) {
      this.#now = Math.min(this.#now + STEP_MS, end);
      this.#ring();
      await realTime(ROOM_MS);
    }
  }

  /** Lets time pass until `work` has ended, and answers what it did. */
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
