import type { PauseSwitch } from './pause-switch.js';

/** Time without that of pauses. */
export class WorkClock {
  #began = performance.now();
  #pausedAt: number | undefined;

  constructor(pausing: PauseSwitch) {
    pausing.subscribe(() => {
      const now = performance.now();
      if (pausing.isPaused) this.#pausedAt = now;
      else if (this.#pausedAt !== undefined) this.#began += now - this.#pausedAt;
    });
  }

  elapsedMs(): number {
    return performance.now() - this.#began;
  }
}
