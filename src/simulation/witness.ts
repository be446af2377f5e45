import type { JournalEntry } from '../engine/index.js';
import type { SignedRequest } from '../protocol/index.js';
import type { Provider } from '../server/index.js';
import { partSizeBytes } from './clouds.js';

/** What a presigned address is for. */
export interface Target {
  readonly fileName: string;
  /** Unique per transfer begun at the cloud. */
  readonly transferId: string;
  readonly partNumber: number;
  readonly sizeBytes: number;
}

/** One start that a provider carried out. */
export interface WitnessedStart {
  readonly fileName: string;
  readonly callerId: string;
  readonly mediaId: string | undefined;
  /** Every text in the provider's state: the upload's id and the object's key are among them. */
  readonly state: string;
  /** An earlier upload of the file had been discarded. */
  readonly isAfterDiscard: boolean;
  isHeard: boolean;
  isCleared: boolean;
}

/**
 * Watches what the endpoint's providers do, without changing it: which media belong to which file, and what every
 * presigned address is for. It also fixes the part size, so that small files have parts.
 */
export class Witness {
  readonly starts: WitnessedStart[] = [];
  /** Starts that ended with an error or without an answer, by file name: they may have left something. */
  readonly failedStarts = new Map<string, number>();
  /** Paths of multipart uploads that were opened without the endpoint hearing of it. */
  readonly lostCreations: string[] = [];
  readonly #hostHeard = new Set<string>();
  readonly #toldCounts = new Map<string, number>();
  /** Names of files of which an upload was discarded. */
  readonly #discarded = new Set<string>();
  readonly #targets = new Map<string, Target>();
  /** By file name: the numbers of parts whose ETag a list told. */
  readonly #listed = new Map<string, Set<number>>();

  watch(provider: Provider): Provider {
    return {
      ...provider,
      start: async (upload, context) => {
        const { fileName, sizeBytes } = upload;
        try {
          const started = await provider.start(upload, context);
          if (started === 'checksum-required') return started;
          const transferId = `${fileName}~${this.starts.length}`;
          this.starts.push({
            fileName,
            callerId: context.caller?.id ?? '',
            mediaId: started.mediaId,
            state: JSON.stringify(started.state),
            isAfterDiscard: this.#discarded.has(fileName),
            isHeard: false,
            isCleared: false,
          });
          this.#note(started.signed ?? [], { fileName, transferId, sizeBytes });
          const { transfer } = started;
          return {
            ...started,
            transfer: transfer.kind === 'multipart' ? { partSizeBytes, ...transfer } : transfer,
          };
        } catch (error) {
          this.failedStarts.set(fileName, (this.failedStarts.get(fileName) ?? 0) + 1);
          throw error;
        }
      },
      sign: async (session, parts, context) => {
        const signed = await provider.sign(session, parts, context);
        const { fileName, sizeBytes, id } = session;
        const note = (requests: readonly SignedRequest[]) =>
          this.#note(requests, { fileName, transferId: id, sizeBytes });
        if (signed.outcome === 'signed') {
          note(signed.requests);
          return signed;
        }
        return {
          ...signed,
          restart: async (restarting) => {
            const started = await signed.restart(restarting);
            note(started.signed ?? []);
            return started;
          },
        };
      },
      abort: (session, context) => {
        this.#discarded.add(session.fileName);
        return provider.abort(session, context);
      },
      list: async (session, context) => {
        const parts = await provider.list(session, context);
        const listed = this.#listed.get(session.fileName) ?? new Set();
        this.#listed.set(session.fileName, listed);
        for (const { partNumber, eTag } of parts ?? []) if (eTag) listed.add(partNumber);
        return parts;
      },
    };
  }

  /** A list has told the ETag of the part, by which a page proves what an earlier visit sent. */
  hasListed(fileName: string, partNumber: number): boolean {
    return this.#listed.get(fileName)?.has(partNumber) ?? false;
  }

  targetOf(url: string): Target | undefined {
    return this.#targets.get(url);
  }

  /** The start answer has reached the page. `mediaId` is what it said. */
  heard(fileName: string, mediaId: string | undefined): void {
    const start = this.starts.find(
      (one) => one.fileName === fileName && one.mediaId === mediaId && !one.isHeard,
    );
    if (start) start.isHeard = true;
  }

  /** The page died before it had written down what it heard. */
  forgotten(fileName: string, mediaId: string | undefined): void {
    const start = this.starts.findLast((one) => one.fileName === fileName && one.mediaId === mediaId);
    if (start) start.isHeard = false;
  }

  /**
   * The browser's data were cleared: what the page has not discarded before it ends, no other page can. An entry that was
   * written before its start was answered names no media: it is that of the latest start.
   */
  cleared({ fileName, mediaId, start: asked }: JournalEntry): void {
    const start = this.starts.findLast(
      (one) => one.fileName === fileName && (asked !== undefined || one.mediaId === mediaId),
    );
    if (start) start.isCleared = true;
  }

  /** The application was told by an event of the engine. */
  hostHeard(type: string, { id, fileName }: { readonly id: string; readonly fileName: string }): void {
    this.#hostHeard.add(`${type} ${fileName}`);
    const told = `${type} of ${fileName} (${id})`;
    this.#toldCounts.set(told, (this.#toldCounts.get(told) ?? 0) + 1);
  }

  /** Ends that the application was told of more than once. */
  get toldTwice(): readonly string[] {
    return [...this.#toldCounts]
      .filter(([told, count]) => count > 1 && /^(confirmed|ready)/.test(told))
      .map(([told]) => told);
  }

  hasHostHeard(type: string, fileName: string): boolean {
    return this.#hostHeard.has(`${type} ${fileName}`);
  }

  /** The file whose upload has this id or key in its state. */
  fileOf(handle: string): string | undefined {
    return this.starts.find(({ state, mediaId }) => mediaId === handle || state.includes(handle))?.fileName;
  }

  /**
   * How many uploads of the file may have been begun without any page hearing of it: those that a cloud has not
   * answered for, those of which a copy of the call arrived after the discard, and, where a page has ended and its
   * browser may have kept nothing, those whose answer was on its way to it. A page that goes on, or the next visit,
   * repeats the start and gets the same session.
   */
  unheardCount(fileName: string, { isForgotten }: { readonly isForgotten: boolean }): number {
    const unheard = this.starts.filter(
      (one) =>
        one.fileName === fileName && (one.isCleared || ((isForgotten || one.isAfterDiscard) && !one.isHeard)),
    ).length;
    const states = this.starts.filter((one) => one.fileName === fileName).map(({ state }) => state);
    const lost = this.lostCreations.filter((path) => {
      const key = decodeURIComponent(path).split('/').slice(-2).join('/');
      return key.includes(fileName) || states.some((state) => state.includes(key));
    });
    return unheard + lost.length + (this.failedStarts.get(fileName) ?? 0);
  }

  #note(
    requests: readonly { url: string; partNumber: number }[],
    { fileName, transferId, sizeBytes }: Omit<Target, 'partNumber'>,
  ): void {
    for (const { url, partNumber } of requests)
      this.#targets.set(url, { fileName, transferId, partNumber, sizeBytes });
  }
}
