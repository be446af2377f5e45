/** A duration as it is said: rounded so that it does not flicker. */
export type TimeLeft =
  | { readonly unit: 'seconds'; readonly seconds: number }
  | { readonly unit: 'minutes'; readonly minutes: number }
  | { readonly unit: 'hours'; readonly hours: number; readonly minutes: number }
  | { readonly unit: 'more-than-a-day' };

/**
 * Under 10 s in whole seconds, under a minute in 5 s steps, both rounded up; under an hour whole minutes; then 5 min
 * steps; over a day no number at all. Never less than 2 s: what is left then is in the hands of the cloud.
 */
export function roundTimeLeft(seconds: number): TimeLeft {
  const step = seconds <= 10 ? 1 : 5;
  const stepped = Math.max(2, Math.ceil(seconds / step) * step);
  if (stepped < 60) return { unit: 'seconds', seconds: stepped };
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return { unit: 'minutes', minutes };
  const inSteps = Math.round(seconds / 300) * 5;
  if (inSteps > 24 * 60) return { unit: 'more-than-a-day' };
  return { unit: 'hours', hours: Math.floor(inSteps / 60), minutes: inSteps % 60 };
}

const riseRatio = 1.2;
const riseAfterMs = 5000;

/**
 * Steadies an estimate: it may fall freely, and rises only when the new value has stayed 20% higher for 5 s.
 * An estimate that jumps up and down is worse than none.
 */
export class SteadyTimeLeft {
  #shown: number | undefined;
  #higherSince: number | undefined;

  update(seconds: number | undefined, now: number): number | undefined {
    if (seconds === undefined || this.#shown === undefined || seconds <= this.#shown)
      return this.#accept(seconds);
    if (seconds < this.#shown * riseRatio) {
      this.#higherSince = undefined;
      return this.#shown;
    }
    this.#higherSince ??= now;
    return now - this.#higherSince >= riseAfterMs ? this.#accept(seconds) : this.#shown;
  }

  #accept(seconds: number | undefined): number | undefined {
    this.#higherSince = undefined;
    this.#shown = seconds;
    return seconds;
  }
}

export interface Rate {
  readonly bytesPerSecond: number | undefined;
  readonly remainingSeconds: number | undefined;
}

const rateEveryMs = 1000;

/** Speed and time left at a pace that can be read: once a second, and gone at once when nothing moves. */
export class SteadyRate {
  #time = new SteadyTimeLeft();
  #shown: Rate = { bytesPerSecond: undefined, remainingSeconds: undefined };
  #shownAt = -Infinity;

  update(rate: Rate, now: number): Rate {
    const remainingSeconds = this.#time.update(rate.remainingSeconds, now);
    const appears = (rate.bytesPerSecond === undefined) !== (this.#shown.bytesPerSecond === undefined);
    if (appears || Math.floor(now / rateEveryMs) > Math.floor(this.#shownAt / rateEveryMs)) {
      this.#shown = { bytesPerSecond: rate.bytesPerSecond, remainingSeconds };
      this.#shownAt = now;
    }
    return this.#shown;
  }
}
