import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProblem } from '../protocol/index.js';
import type { JournalStore } from './resume/store.js';
import type { FakeCloudOptions, PutOutcome } from './test-support/fake-cloud.js';
import { type Harness, harness, settle, testFile } from './test-support/harness.js';

/**
 * Whatever happens, in whatever order: nothing is lost, mixed up or claimed wrongly. A failing run prints its seed and
 * path; `VODROP_CHAOS_SEED` and `VODROP_CHAOS_PATH` run it again, `VODROP_CHAOS_RUNS` asks for more runs than usual.
 */
const numRuns = Number(process.env['VODROP_CHAOS_RUNS'] ?? 1500);
const seed = process.env['VODROP_CHAOS_SEED'];
const replay = {
  ...(seed && { seed: Number(seed) }),
  ...(process.env['VODROP_CHAOS_PATH'] && { path: process.env['VODROP_CHAOS_PATH'] }),
};

type CallOutcome = 'ok' | 'no-reply' | 'lost-reply' | 'lost-html' | 'unauthorized' | 'broken' | 'html';

/** Uploads, and so on, are named by position: what is not there does nothing. */
type Step =
  | { do: 'wait'; ms: number }
  | { do: 'pause' | 'resume' | 'cancel' | 'retry' | 'remove'; row: number }
  | { do: 'add' | 'lose-part' | 'lose-upload'; file: number }
  | { do: 'offline' | 'online' | 'kill' | 'reload' | 'sign-in' };

interface Scenario {
  cloud: FakeCloudOptions;
  keepFilesMaxSizeBytes: number;
  sizes: number[];
  puts: { outcome: PutOutcome; ms: number }[];
  calls: { outcome: CallOutcome; ms: number }[];
  steps: Step[];
}

const often = <T>(value: T, weight: number) => ({ weight, arbitrary: fc.constant(value) });
const duration = fc.constantFrom(0, 0, 50, 400, 3000);

const putOutcome = fc.oneof(
  often<PutOutcome>('ok', 8),
  often<PutOutcome>('no-reply', 2),
  often<PutOutcome>('lost-reply', 2),
  often<PutOutcome>('corrupt', 2),
  often<PutOutcome>({ status: 403, errorCode: 'AccessDenied' }, 1),
  often<PutOutcome>({ status: 500, errorCode: 'InternalError' }, 1),
  often<PutOutcome>({ status: 503, errorCode: 'SlowDown', retryAfterMs: 5000 }, 1),
  often<PutOutcome>({ status: 400, errorCode: 'InvalidArgument' }, 1),
);
const callOutcome = fc.oneof(
  often<CallOutcome>('ok', 8),
  often<CallOutcome>('no-reply', 1),
  often<CallOutcome>('lost-reply', 2),
  often<CallOutcome>('lost-html', 1),
  often<CallOutcome>('unauthorized', 1),
  often<CallOutcome>('broken', 1),
  often<CallOutcome>('html', 1),
);
const row = fc.nat({ max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 20, 100, 500, 2000, 20_000),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'resume' as const), row }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('cancel' as const, 'retry' as const, 'remove' as const),
      row,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('add' as const), file: fc.nat({ max: 2 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('lose-part' as const, 'lose-upload' as const),
      file: fc.nat({ max: 2 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('kill' as const, 'reload' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('offline' as const, 'online' as const, 'sign-in' as const) }),
  },
);
const scenario: fc.Arbitrary<Scenario> = fc.record({
  cloud: fc.record({
    singleMaxBytes: fc.constantFrom(0, 40),
    eTag: fc.constantFrom('md5' as const, 'opaque' as const),
    hidesETag: fc.boolean(),
    isListless: fc.boolean(),
    requiresChecksum: fc.boolean(),
    expiresInMs: fc.constantFrom(3_600_000, 30_000),
  }),
  keepFilesMaxSizeBytes: fc.constantFrom(0, 1000),
  sizes: fc.array(fc.integer({ min: 1, max: 120 }), { minLength: 1, maxLength: 3 }),
  puts: fc.array(fc.record({ outcome: putOutcome, ms: duration }), { maxLength: 40 }),
  calls: fc.array(fc.record({ outcome: callOutcome, ms: duration }), { maxLength: 20 }),
  steps: fc.array(step, { maxLength: 25 }),
});

// What is loaded on first use takes real time, and here time stands still.
beforeAll(() =>
  Promise.all([
    import('./first-file.js'),
    import('./effects/send-attachments.js'),
    import('./restrictions/intake.js'),
  ]),
);

describe('an uploader under random faults', () => {
  it('stores each object equal to its file, and reports every upload without an object as given up', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, (chosen) => new World(chosen).run()),
      { numRuns, ...replay, interruptAfterTimeLimit: 600_000 },
    );
  }, 600_000);
});

/** A page that can die at any moment; from then on nothing it does has an effect. */
interface Page {
  harness: Harness;
  isDead: boolean;
}

class World {
  readonly #scenario: Scenario;
  readonly #files: File[];
  /** Acknowledged to a living page, by `ticket/part`: what the store said it has. */
  readonly #acknowledged = new Map<string, Buffer>();
  /** Answered with a success, damaged or not. */
  readonly #believed = new Set<string>();
  readonly #underWay = new Map<string, number>();
  readonly #complaints: string[] = [];
  #isFair = false;
  #isOnline = true;
  #puts = 0;
  #calls = 0;
  #page: Page;

  constructor(chosen: Scenario) {
    this.#scenario = chosen;
    this.#files = chosen.sizes.map((size, index) =>
      testFile(size, { name: `clip-${index}.mp4`, seed: index + 1 }),
    );
    this.#page = this.#open();
    const { cloud, clock } = this.#page.harness;
    cloud.onPut = async () => {
      const { outcome, ms } = this.#isFair ? fairPut : (this.#scenario.puts[this.#puts++] ?? fairPut);
      if (ms > 0) await clock.sleep(ms);
      return this.#isOnline ? outcome : 'no-reply';
    };
    cloud.onCall = async () => {
      const { outcome, ms } = this.#isFair ? fairCall : (this.#scenario.calls[this.#calls++] ?? fairCall);
      if (ms > 0) await clock.sleep(ms);
      return this.#isOnline ? replyOf(outcome) : 'no-reply';
    };
  }

  get #cloud() {
    return this.#page.harness.cloud;
  }

  get #rows() {
    return this.#page.harness.uploader.getSnapshot().uploads;
  }

  async run(): Promise<void> {
    await this.#add(0);
    for (const one of this.#scenario.steps) {
      await this.#take(one);
      await settle();
      this.#look(JSON.stringify(one));
    }
    await this.#makeItFair();
    await this.#judge();
    expect(this.#complaints).toEqual([]);
  }

  async #take(one: Step): Promise<void> {
    const { uploader, clock, network } = this.#page.harness;
    switch (one.do) {
      case 'wait':
        return clock.advance(one.ms);
      case 'pause':
      case 'resume':
      case 'cancel':
      case 'retry':
      case 'remove': {
        const id = this.#rows[one.row]?.id;
        if (id !== undefined) uploader[one.do](id);
        return;
      }
      case 'add':
        return this.#add(one.file);
      case 'lose-part':
        return this.#losePart(one.file);
      case 'lose-upload':
        return this.#loseUpload(one.file);
      case 'offline':
      case 'online':
        this.#isOnline = one.do === 'online';
        return network.set(this.#isOnline);
      case 'reload':
      case 'kill':
        return this.#close(one.do);
      case 'sign-in':
        return uploader.notifySignedIn();
      default:
        return one satisfies never;
    }
  }

  /** Everything works, the person signs in, goes on with whatever can go on, and comes back once more. */
  async #makeItFair(): Promise<void> {
    this.#isFair = true;
    this.#isOnline = true;
    let cameBack = false;
    for (let round = 0; round < 12; round++) {
      const { uploader, clock, network } = this.#page.harness;
      network.set(true);
      uploader.notifySignedIn();
      uploader.resumeAll();
      for (const { id, status, canRetry, fileName } of this.#rows) {
        if (status !== 'failed') continue;
        if (canRetry) uploader.retry(id);
        else {
          // The file is not there any more: it has to be given again.
          uploader.remove(id);
          await this.#add(Number(/\d+/.exec(fileName)));
        }
      }
      for (const { fileName } of uploader.getSnapshot().unfinished)
        await this.#add(Number(/\d+/.exec(fileName)));
      await clock.advance(45_000);
      this.#look('without faults');
      const { uploads, unfinished } = uploader.getSnapshot();
      const isOver =
        unfinished.length === 0 &&
        uploads.every(
          ({ status, cleanup }) => ['ready', 'canceled'].includes(status) && cleanup !== 'pending',
        );
      if (isOver && cameBack) return;
      if (isOver) await this.#close('reload');
      cameBack ||= isOver;
    }
    const { uploads, unfinished } = this.#page.harness.uploader.getSnapshot();
    throw new Error(
      `never ended: ${JSON.stringify({ uploads: uploads.map(({ status, waiting, error, cleanup }) => ({ status, waiting, error: error?.message, cleanup })), unfinished })}`,
    );
  }

  async #judge(): Promise<void> {
    const named = new Map(this.#files.map((file) => [file.name, file]));
    for (const { ticket, fileName, object, told, parts } of this.#cloud.uploads.values()) {
      const ends = new Set(told);
      if (object) {
        expect(Buffer.from(object), `${ticket} is its file`).toEqual(
          Buffer.from(await (named.get(fileName) ?? new File([], '')).arrayBuffer()),
        );
        expect(told, ticket).toEqual(['uploaded']);
      } else {
        expect(ends.has('uploaded'), `${ticket} claimed`).toBe(false);
        expect(parts.size, `parts left of ${ticket}, told ${told.join()}`).toBe(0);
      }
    }
    expect(await this.#page.harness.store.load('/api/uploads', 'fake')).toEqual([]);
  }

  /** What must hold at every moment at which nothing moves. */
  #look(after: string): void {
    for (const { status, mediaId, sentBytes, sizeBytes, receipt, cleanup } of this.#rows) {
      const upload = [...this.#cloud.uploads.values()].find((one) => one.mediaId === mediaId);
      const complain = (what: string) =>
        this.#complaints.push(`${what} (${status}, ${sentBytes} of ${sizeBytes}) after ${after}`);
      if (sentBytes > sizeBytes) complain('more than there is');
      if (!upload) continue;
      const sizeOf = (part: number) =>
        upload.transfer.kind === 'single' ? sizeBytes : Math.min(10, sizeBytes - (part - 1) * 10);
      const sum = (numbers: Iterable<number>) =>
        [...numbers].reduce((total, part) => total + sizeOf(part), 0);
      const partsOf = (keys: Iterable<string>) =>
        [...keys]
          .filter((key) => key.startsWith(`${upload.ticket}/`))
          .map((key) => Number(key.split('/')[1]));
      const acknowledged = new Set(
        partsOf(this.#acknowledged.keys()).filter((part) => this.#isKept(`${upload.ticket}/${part}`)),
      );
      if (status === 'uploading' && upload.isOpen) {
        if (sentBytes < sum(acknowledged)) complain(`less than the ${sum(acknowledged)} acknowledged`);
        const most = sum(
          new Set([...upload.parts.keys(), ...partsOf(this.#believed), ...partsOf(this.#underWay.keys())]),
        );
        if (sentBytes > most) complain(`more than the ${most} stored and under way`);
      }
      if (status === 'processing' || status === 'ready') {
        if (sentBytes !== sizeBytes) complain('not all bytes');
        if (!upload.object) complain('claimed without an object');
        if (upload.told.join() !== 'uploaded') complain(`told ${upload.told.join()}`);
        if (receipt && receipt.sizeBytes !== sizeBytes) complain('a wrong receipt');
      }
      if (status === 'canceled' && cleanup === 'done' && (upload.object ?? upload.parts.size > 0))
        complain('canceled, and something is kept');
    }
  }

  async #add(index: number): Promise<void> {
    const file = this.#files[index];
    if (file) await this.#page.harness.uploader.add([file]);
    await settle();
  }

  async #losePart(index: number): Promise<void> {
    for (const { ticket, fileName, parts, isOpen } of this.#cloud.uploads.values()) {
      const [first] = parts.keys();
      if (fileName !== this.#files[index]?.name || first === undefined || !isOpen) continue;
      parts.delete(first);
      this.#acknowledged.delete(`${ticket}/${first}`);
    }
  }

  async #loseUpload(index: number): Promise<void> {
    for (const upload of this.#cloud.uploads.values()) {
      if (upload.fileName !== this.#files[index]?.name || upload.object) continue;
      upload.isOpen = false;
      upload.parts.clear();
    }
  }

  /** The store still has what it acknowledged: neither lost, nor overwritten by a damaged copy that came late. */
  #isKept(key: string): boolean {
    const [ticket = '', part] = key.split('/');
    const stored = this.#cloud.uploads.get(ticket)?.parts.get(Number(part));
    return stored !== undefined && this.#acknowledged.get(key)?.equals(stored) === true;
  }

  /** `reload` lets the page say its last words; `kill` does not. */
  async #close(how: 'reload' | 'kill'): Promise<void> {
    const { harness: old } = this.#page;
    if (how === 'reload') old.uploader.destroy();
    this.#page.isDead = true;
    this.#page = this.#open(old);
    this.#page.harness.network.set(this.#isOnline);
    await settle();
  }

  #open(before?: Harness): Page {
    const kept = before ?? harness({ cloud: this.#scenario.cloud });
    const { cloud, clock, store } = kept;
    if (!before) kept.uploader.destroy();
    const page: Page = { harness: kept, isDead: false };
    const alive =
      <Args extends unknown[], T>(work: (...args: Args) => Promise<T>) =>
      async (...args: Args): Promise<T> => {
        if (page.isDead) return never();
        const outcome = await work(...args).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        if (page.isDead) return never();
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      };
    const gated = Object.fromEntries(
      (['load', 'parts', 'put', 'putPart', 'deletePart', 'putFile', 'file', 'delete'] as const).map(
        (name) => [name, alive((store[name] as (...args: unknown[]) => Promise<unknown>).bind(store))],
      ),
    ) as unknown as JournalStore;
    page.harness = harness(
      {
        keepFilesMaxSizeBytes: this.#scenario.keepFilesMaxSizeBytes,
        concurrency: { connections: 3 },
        // Shows a form; `notifySignedIn` tells when it is done.
        onUnauthorized: () => {},
        ports: {
          store: gated,
          fetch: alive(cloud.fetch),
          clock: {
            now: () => clock.now(),
            elapsed: () => clock.elapsed(),
            sleep: alive((ms: number, signal?: AbortSignal) => clock.sleep(ms, signal)),
          },
          workers: {
            hash: alive(cloud.workers.hash),
            put: this.#watched(alive(cloud.workers.put)),
            close: () => {},
          },
        },
      },
      { cloud, clock, store },
    );
    return page;
  }

  /** Counts what a page has on its way and what it was told, and complains of a part that is sent needlessly. */
  #watched(put: Harness['cloud']['workers']['put']): typeof put {
    return async (request, body, options) => {
      const [ticket = '', part = ''] = new URL(request.url).pathname.slice(1).split('/');
      const key = `${ticket}/${part}`;
      const bytes = Buffer.from(await body.arrayBuffer());
      if (this.#isKept(key)) this.#complaints.push(`${key} sent again although acknowledged`);
      this.#acknowledged.delete(key);
      this.#underWay.set(key, (this.#underWay.get(key) ?? 0) + 1);
      try {
        const reply = await put(request, body, options);
        if (reply.status === 200) {
          this.#believed.add(key);
          this.#acknowledged.set(key, bytes);
        }
        if (!this.#isKept(key)) this.#acknowledged.delete(key);
        return reply;
      } finally {
        const left = (this.#underWay.get(key) ?? 1) - 1;
        if (left > 0) this.#underWay.set(key, left);
        else this.#underWay.delete(key);
      }
    };
  }
}

const fairPut = { outcome: 'ok' as const, ms: 0 };
const fairCall = { outcome: 'ok' as const, ms: 0 };

function replyOf(outcome: CallOutcome) {
  switch (outcome) {
    case 'ok':
      return undefined;
    case 'no-reply':
    case 'lost-reply':
    case 'lost-html':
      return outcome;
    case 'unauthorized':
      return Response.json(createProblem('unauthorized'), { status: 401 });
    case 'broken':
      return new Response('broken', { status: 500 });
    case 'html':
      return new Response('<html>Please log in</html>', {
        status: 200,
        headers: { 'content-type': 'text/html' },
      });
    default:
      return outcome satisfies never;
  }
}

function never(): Promise<never> {
  return new Promise(() => {});
}
