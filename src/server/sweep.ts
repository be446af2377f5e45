import { createProblem, type Problem } from '../protocol/index.js';
import { EndpointError } from './errors.js';
import { createLimit } from './limit.js';
import type { CallContext, Provider, UnfinishedUpload } from './provider.js';

/** What to sweep, and how old it has to be. */
export interface SweepOptions {
  readonly providers: readonly Provider[];
  /**
   * Uploads that began longer ago than this are swept, in ms. Default 8 days: a day more than tickets live by
   * default. Not less than the endpoint's `ticketLifetimeMs`: an upload may still be under way until then.
   */
  readonly olderThanMs?: number;
  /** Only lists what would be discarded. Default false. */
  readonly dryRun?: boolean;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Ends the sweep between two uploads. */
  readonly signal?: AbortSignal;
}

/** One upload that was found, and what came of it. */
export interface SweptUpload extends UnfinishedUpload {
  /** `ended`: confirmed or discarded since it was listed. */
  readonly outcome: 'found' | 'discarded' | 'ended' | 'failed';
  /** Of one that failed. */
  readonly problem?: Problem | undefined;
}

/** What was found and done at one provider. */
export interface SweepReport {
  readonly provider: string;
  /** `nothing-to-sweep`: the cloud itself forgets uploads that are not confirmed. `failed`: it could not be asked. */
  readonly outcome: 'swept' | 'nothing-to-sweep' | 'failed';
  readonly uploads: readonly SweptUpload[];
  readonly problem?: Problem | undefined;
}

const defaultOlderThanMs = 8 * 24 * 60 * 60_000;
const minOlderThanMs = 60 * 60_000;
const atOnce = 4;

/**
 * Discards what pages have left behind that are gone for good: media that never got their file, and open multipart
 * uploads. For a job that runs once a day; one report per provider. A failure concerns its upload or provider only.
 * Throws `TypeError` for an age under an hour.
 *
 * @example
 * const reports = await sweep({ providers, dryRun: process.argv.includes('--dry-run') });
 */
export async function sweep(options: SweepOptions): Promise<SweepReport[]> {
  const { olderThanMs = defaultOlderThanMs, now = Date.now } = options;
  // Negated, so that NaN is refused too.
  if (!(olderThanMs >= minOlderThanMs))
    throw new TypeError('olderThanMs: uploads of the last hour are under way; sweep older ones.');
  const { signal } = options.signal ? options : new AbortController();
  const context: CallContext = { signal: signal ?? new AbortController().signal, limit: createLimit(atOnce) };
  const before = now() - olderThanMs;
  return Promise.all(
    options.providers.map((provider) =>
      sweepOne(provider, { before, dryRun: options.dryRun ?? false }, context).catch(
        (error: unknown): SweepReport => ({
          provider: provider.id,
          outcome: 'failed',
          uploads: [],
          problem: problemOf(error),
        }),
      ),
    ),
  );
}

async function sweepOne(
  provider: Provider,
  { before, dryRun }: { readonly before: number; readonly dryRun: boolean },
  context: CallContext,
): Promise<SweepReport> {
  const { id } = provider;
  if (!provider.listUnfinished) return { provider: id, outcome: 'nothing-to-sweep', uploads: [] };
  // A cloud may compare with another clock, or not at all.
  const found = (await provider.listUnfinished(before, context)).filter(
    ({ startedAt }) => startedAt < before,
  );
  const uploads: SweptUpload[] = [];
  const queue = found.values();
  const worker = async () => {
    for (const upload of queue) {
      context.signal.throwIfAborted();
      uploads.push(dryRun ? { ...upload, outcome: 'found' } : await discard(provider, upload, context));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { provider: id, outcome: 'swept', uploads };
}

async function discard(
  provider: Provider,
  upload: UnfinishedUpload,
  context: CallContext,
): Promise<SweptUpload> {
  try {
    const isDiscarded = await provider.discardUnfinished?.(upload, context);
    return { ...upload, outcome: isDiscarded ? 'discarded' : 'ended' };
  } catch (error) {
    return { ...upload, outcome: 'failed', problem: problemOf(error) };
  }
}

function problemOf(error: unknown): Problem {
  return error instanceof EndpointError ? error.toProblem() : createProblem('internal');
}
