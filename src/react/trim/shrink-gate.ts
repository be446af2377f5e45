import type { AddItem, AddResult, Uploader } from '../../engine/index.js';
import { fileOf, isRejected } from '../files/items.js';
import { within } from '../stores/within.js';
import type { CopyProblem, MediaSummary } from './copy-types.js';
import { canKeepCopies } from './made-copies.js';
import { inspectMedia } from './media-client.js';
import { knownSpeeds, measureShrinking } from './measured-speeds.js';
import { shrinkJobsOf, type Film } from './shrink-jobs.js';
import { choicesFor, isSooner, secondsFor, type Duration } from './shrink-plan.js';
import type { ShrinkRule } from './shrink-rule.js';

export interface ShrinkGateOptions {
  readonly uploader: Uploader;
  /** Where the films belong. */
  readonly engine: Uploader;
  readonly place: string;
  readonly rule: ShrinkRule;
  /** Films up to this size are kept whole until their copy is made. */
  readonly keepBytes: number | undefined;
}

/** Smaller ones are sent sooner than they are read. */
const smallestBytes = 1e6;
/** Headers that take longer are on a sleeping disk: the film goes as it is. */
const readMs = 10_000;
/** As `keepFilesMaxSize`. */
const defaultKeptBytes = 10e6;
/** A trial that takes longer says enough. */
const trialMs = 20_000;

/**
 * Adds what is not worth shrinking, and keeps the rest: until the person has chosen, or until its copy is made. Whatever
 * fails here, the original goes.
 */
export async function addOrShrink(items: readonly AddItem[], options: ShrinkGateOptions): Promise<AddResult> {
  const { uploader, engine, place, rule, keepBytes = defaultKeptBytes } = options;
  const found = await Promise.all(items.map((item) => filmOf(item, options).catch(() => undefined)));
  const films = found.filter((film) => film !== undefined);
  const result = await engine.add(items.filter((_item, index) => !found[index]));
  const jobs = shrinkJobsOf(uploader, place);
  if (films.length === 0) return result;
  if (rule.when === 'always' || rule.when === 'slow-line') await jobs.shrink(films, keepBytes);
  else await jobs.ask(films, keepBytes);
  return result;
}

/** Undefined for what is sent as it is. */
async function filmOf(item: AddItem, options: ShrinkGateOptions): Promise<Film | undefined> {
  if (isRejected(item)) return undefined;
  const file = fileOf(item);
  const { handle = undefined, path = undefined } = 'file' in item ? item : {};
  const isFilm = file.type.startsWith('video/') || /\.(mp4|mov|m4v|mkv|webm)$/i.test(file.name);
  if (!isFilm || file.size < smallestBytes || (await isOurs(handle))) return undefined;
  const summary = await within(readMs, inspectMedia(file));
  const { engine, rule } = options;
  const film = { file, handle, path, engine, summary, choices: choicesFor(summary, rule) };
  if (film.choices.length === 0) return undefined;
  if (rule.when === 'slow-line' && !isSooner(bestOf(film, options))) return undefined;
  const problem = await problemWith(summary, options.place);
  if (problem) {
    shrinkJobsOf(options.uploader, options.place).tell(file.name, problem);
    return undefined;
  }
  return rule.when !== 'slow-line' || (await isWorthIt(film, options)) ? film : undefined;
}

/** Why this browser cannot make a copy, found before the person is asked about one. */
async function problemWith(
  { canDecode, canEncode }: MediaSummary,
  place: string,
): Promise<CopyProblem | undefined> {
  if (!canDecode) return 'cannot-decode';
  if (!canEncode) return 'cannot-encode';
  return (await canKeepCopies(place)) ? undefined : 'no-storage';
}

/** On a device that takes no time. */
function bestOf({ file, summary, choices: [choice] }: Film, { uploader }: ShrinkGateOptions): Duration {
  if (!choice) return { original: undefined, copy: undefined };
  const film = { sizeBytes: file.size, durationSeconds: summary.durationSeconds };
  return secondsFor(film, choice, { ...knownSpeeds(uploader, summary), shrinkRate: Infinity });
}

/** Whether its copy would be there sooner, by what was measured; the device is measured when the line is known to be slow. */
async function isWorthIt(
  { file, summary, choices: [choice] }: Film,
  { uploader }: ShrinkGateOptions,
): Promise<boolean> {
  if (!choice) return false;
  if (knownSpeeds(uploader, summary).shrinkRate === undefined)
    await measureShrinking(file, summary, choice, AbortSignal.timeout(trialMs)).catch(() => undefined);
  const film = { sizeBytes: file.size, durationSeconds: summary.durationSeconds };
  return isSooner(secondsFor(film, choice, knownSpeeds(uploader, summary)));
}

/** Recordings and copies are made to be sent as they are. */
async function isOurs(handle: FileSystemFileHandle | undefined): Promise<boolean> {
  if (!handle) return false;
  try {
    return (await (await navigator.storage.getDirectory()).resolve(handle)) !== null;
  } catch {
    return false;
  }
}
