/** What stays of a film, in seconds. */
export interface Cut {
  readonly start: number;
  readonly end: number;
}

export type CutMode = 'lossless' | 'exact';

export interface CutRules {
  readonly durationSeconds: number;
  readonly mode: CutMode;
  /** In order; the first is where the film begins. */
  readonly keySeconds: readonly number[];
}

/** A shorter film is none. */
const shortestSeconds = 0.2;

/** Where a film may begin without encoding anything, and where it may end. */
function placesOf({ durationSeconds, keySeconds }: CutRules): Readonly<Record<keyof Cut, readonly number[]>> {
  const keys = keySeconds.filter((seconds) => seconds > 0 && seconds < durationSeconds);
  return { start: [0, ...keys], end: [...keys, durationSeconds] };
}

/** The cut after one of its points was moved to about `wanted`; lossless ones go to the nearest key frame. */
export function moveCut(cut: Cut, point: keyof Cut, wanted: number, rules: CutRules): Cut {
  const [low, high] = spanOf(cut, point, rules);
  if (rules.mode === 'exact') return { ...cut, [point]: Math.max(low, Math.min(high, wanted)) };
  const places = placesIn(cut, point, rules);
  const distance = (place: number) => Math.abs(place - wanted);
  const best = places.reduce((near, place) => (distance(place) < distance(near) ? place : near), cut[point]);
  return { ...cut, [point]: places.includes(best) ? best : (places[0] ?? cut[point]) };
}

/** The same by a key: a lossless point goes one key frame further where the step is too short to reach it. */
export function stepCut(cut: Cut, point: keyof Cut, wanted: number, rules: CutRules): Cut {
  const moved = moveCut(cut, point, wanted, rules);
  const now = cut[point];
  if (moved[point] !== now || rules.mode === 'exact') return moved;
  const places = placesIn(cut, point, rules);
  const next = wanted > now ? places.find((place) => place > now) : places.findLast((place) => place < now);
  return { ...cut, [point]: wanted === now ? now : (next ?? now) };
}

function spanOf(cut: Cut, point: keyof Cut, { durationSeconds }: CutRules): readonly [number, number] {
  return point === 'start' ? [0, cut.end - shortestSeconds] : [cut.start + shortestSeconds, durationSeconds];
}

/** Where a lossless point may stand while the other stays. */
function placesIn(cut: Cut, point: keyof Cut, rules: CutRules): readonly number[] {
  const [low, high] = spanOf(cut, point, rules);
  return placesOf(rules)[point].filter((place) => place >= low && place <= high);
}

/** The same cut by other rules. */
export function fitCut(cut: Cut, rules: CutRules): Cut {
  const whole = { start: 0, end: rules.durationSeconds };
  if (rules.mode === 'exact') return cut;
  const end = moveCut(whole, 'end', cut.end, rules);
  const fitted = moveCut(end, 'start', cut.start, rules);
  return fitted.start < fitted.end ? fitted : whole;
}

/** `0:12.68`, as editors write it. */
export function preciseTime(seconds: number): string {
  const hundredths = Math.round(seconds * 100);
  const [whole, rest] = [Math.floor(hundredths / 100), hundredths % 100];
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const clock = hours ? `${hours}:${two(minutes)}` : String(minutes);
  return `${clock}:${two(whole % 60)}.${two(rest)}`;
}
