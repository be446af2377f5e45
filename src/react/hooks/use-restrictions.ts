import { useMemo } from 'react';
import type { Restrictions } from '../../engine/index.js';
import { defaultAccept } from '../files/accept.js';
import { parseDuration, parseSize } from '../format/index.js';
import type { Metadata, UploaderSettings } from '../settings.js';
import { useLatest } from './use-latest.js';

/** The limits in the engine's units: the same object while they are equal, so inline arrays and functions change nothing. */
export function useRestrictions<M extends Metadata>(settings: UploaderSettings<M>): Restrictions {
  const { validate, countReady } = settings;
  const latest = useLatest(validate);
  const hasRule = validate !== undefined;
  const accept = entriesOf(settings.accept).join();
  const codecs = settings.codecs?.join();
  const maxFiles = readMaximum('maxFiles', settings.maxFiles, Number);
  const maxSizeBytes = readMaximum('maxSize', settings.maxSize, parseSize);
  const minSizeBytes = readLimit('minSize', settings.minSize, parseSize);
  const maxDurationSeconds = readMaximum('maxDuration', settings.maxDuration, parseDuration);
  const minDurationSeconds = readLimit('minDuration', settings.minDuration, parseDuration);
  const maxResolution = readMaximum('maxResolution', settings.maxResolution, Number);
  const minResolution = readLimit('minResolution', settings.minResolution, Number);
  return useMemo(
    () => ({
      accept: listOf(accept),
      videoCodecs: codecs === undefined ? undefined : listOf(codecs),
      maxFiles,
      countReady,
      maxSizeBytes,
      minSizeBytes,
      maxDurationSeconds,
      minDurationSeconds,
      maxResolution,
      minResolution,
      validate: hasRule ? (file, probe) => latest.current?.(file, probe) : undefined,
    }),
    [
      accept,
      codecs,
      maxFiles,
      countReady,
      maxSizeBytes,
      minSizeBytes,
      maxDurationSeconds,
      minDurationSeconds,
      maxResolution,
      minResolution,
      hasRule,
      latest,
    ],
  );
}

/**
 * A limit as a number. Zero is one, `Infinity` is none.
 * @throws {TypeError} when it cannot be parsed: a limit that is silently ignored would be worse.
 */
export function readLimit<T extends number | string>(
  prop: string,
  given: T | undefined,
  parse: (given: T) => number,
): number | undefined {
  if (given === undefined) return undefined;
  const value = parse(given);
  if (value >= 0) return value;
  throw new TypeError(`vodrop: ${prop} cannot be "${given}"; it takes a positive number, 0 or Infinity.`);
}

/** An upper limit; undefined when there is none. */
function readMaximum<T extends number | string>(
  prop: string,
  given: T | undefined,
  parse: (given: T) => number,
): number | undefined {
  const value = readLimit(prop, given, parse);
  return value === Infinity ? undefined : value;
}

const listOf = (joined: string) => (joined === '' ? [] : joined.split(','));

function entriesOf(accept: string | readonly string[] | undefined): readonly string[] {
  if (accept === undefined) return defaultAccept;
  return [accept]
    .flat()
    .flatMap((entry) => entry.split(','))
    .map((entry) => entry.trim())
    .filter(Boolean);
}
