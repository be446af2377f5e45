import { createUploader, type Uploader, type UploadSnapshot } from '../engine/index.js';
import type { LocalSandbox } from '../sandbox/index.js';
import type { Browser } from './browser.js';
import { Disk, openDisk } from './disk.js';
import type { HostApplication } from './endpoint.js';
import type { FaultPlan } from './faults.js';
import type { Line } from './line.js';
import type { Scheduler } from './scheduler.js';
import type { Witness } from './witness.js';
import { createWorkers, type TrafficWatch } from './workers.js';

/** What all tabs of a run share. */
export interface Surroundings {
  readonly scheduler: Scheduler;
  readonly faultPlan: FaultPlan;
  readonly line: Line;
  readonly clouds: LocalSandbox;
  readonly witness: Witness;
  readonly host: HostApplication;
  readonly watch: TrafficWatch;
  /** The store takes parts without a digest, and completes without their ETags. */
  readonly isUnproven: boolean;
}

/** Whose page it is, and for which record of the application: its scope. */
export interface Place {
  readonly person: string;
  readonly record: string;
}

export interface TabOptions extends Place {
  readonly name: string;
  readonly browser: Browser;
  readonly keepFilesMaxSizeBytes: number;
  readonly onUnauthorized: () => void;
}

/** What a function of the host throws. */
export class HostError extends Error {
  override readonly name = 'HostError';
}

/** One page with the widget's engine. From the moment it dies nothing it does has an effect. */
export class Tab {
  readonly name: string;
  readonly place: Place;
  readonly browser: Browser;
  readonly uploader: Uploader;
  readonly #surroundings: Surroundings;
  readonly #disk: Disk;
  readonly #gone = new AbortController();
  #isDead = false;
  #isDirty = true;

  constructor(options: TabOptions, surroundings: Surroundings) {
    const { name, browser, person, record } = options;
    this.name = name;
    this.place = { person, record };
    this.browser = browser;
    this.#surroundings = surroundings;
    this.#disk = browser.isAlone(name) ? new Disk() : browser.disk;
    this.uploader = this.#createUploader(options);
    const { scheduler, faultPlan } = surroundings;
    this.uploader.subscribe(() => {
      this.#isDirty = true;
      if (faultPlan.strikes('host.listener-throws', name)) throw new HostError('a listener of the host');
    });
    this.uploader.onEvent(() => {
      if (faultPlan.strikes('host.listener-throws', `event ${name}`))
        throw new HostError('a listener of the host');
    });
    this.uploader.onEvent(({ type, upload }) => surroundings.witness.hostHeard(type, upload));
    scheduler.note(`open ${name}`);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  get rows(): readonly UploadSnapshot[] {
    return this.uploader.getSnapshot().uploads;
  }

  /** Whether anything has changed since this was asked last. */
  takeDirty(): boolean {
    const isDirty = this.#isDirty && !this.#isDead;
    this.#isDirty = false;
    return isDirty;
  }

  /** `closed` lets the page say its last words; `killed` does not. */
  end(how: 'closed' | 'killed'): void {
    if (this.#isDead) return;
    const { scheduler } = this.#surroundings;
    scheduler.note(`${how} ${this.name}`);
    if (how === 'closed') this.uploader.destroy();
    const die = () => {
      this.#isDead = true;
      this.#gone.abort(new Error('the page is gone'));
      this.browser.forget(this.name);
      // What no other page can find.
      if (this.#disk !== this.browser.disk) this.#disk.clear(this.#surroundings.witness);
    };
    // What it says at the end is sent within this turn.
    if (how === 'killed') die();
    else scheduler.after(0, `end of ${this.name}`, die);
  }

  #createUploader({ keepFilesMaxSizeBytes, onUnauthorized }: TabOptions): Uploader {
    const { name, browser } = this;
    const { scheduler, faultPlan, witness } = this.#surroundings;
    const { person, record } = this.place;
    const isDead = () => this.#isDead;
    const tab = { name, isDead, isOnline: () => browser.isOnline };
    let ids = 0;
    return createUploader({
      endpoint: '/api/uploads',
      provider: 'cloud',
      // Both people use one computer, and both records one endpoint.
      scope: `${person}/${record}`,
      keepFilesMaxSizeBytes,
      concurrency: { files: 2, connections: 3 },
      headers: () => {
        if (faultPlan.strikes('host.headers-throw', name)) throw new HostError('headers of the host');
        return { 'x-record': record };
      },
      metadata: (file) => {
        if (faultPlan.strikes('host.metadata-throws', name)) throw new HostError('metadata of the host');
        return { person, record, fileName: file.name };
      },
      onUnauthorized,
      ports: {
        workers: createWorkers({ ...this.#surroundings, tab }),
        fetch: (input, init) => this.#fetch(input as string, init ?? {}),
        store: openDisk(
          this.#disk,
          {
            name,
            isDead,
            onForgotten: ({ fileName, mediaId }) => witness.forgotten(fileName, mediaId),
            onRemembered: ({ fileName, mediaId }) => witness.heard(fileName, mediaId),
          },
          scheduler,
          faultPlan,
        ),
        network: browser.networkOf(isDead),
        reach: () => Promise.resolve(browser.isOnline),
        tabs: browser.tabsOf(name, isDead),
        probe: () => Promise.resolve(undefined),
        clock: {
          now: () => scheduler.nowMs,
          elapsed: () => scheduler.elapsedMs,
          sleep: (delayMs, signal) => this.#sleep(delayMs, signal),
        },
        random: () => scheduler.chance.draw(`random ${name}`),
        newId: () => `${name}-${(ids += 1)}`,
      },
    });
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    if (this.#isDead) return never();
    const { line, host, witness } = this.#surroundings;
    const { browser } = this;
    const operation = path.split('/').at(-1) ?? '';
    const name = `call ${this.name} ${operation}`;
    const cookie = browser.cookie ?? '';
    const { method = 'GET', body = null, keepalive = false, signal } = init;
    const headers = new Headers(init.headers);
    headers.set('cookie', cookie);
    const signals = [...(signal ? [signal] : []), ...(keepalive ? [] : [this.#gone.signal])];
    const response = await line
      .send({
        line: 'endpoint',
        name,
        signal: AbortSignal.any(signals),
        isCut: () => !browser.isOnline,
        deliver: (leg) =>
          host.answer(new Request(`http://app.test${path}`, { method, body, headers, signal: leg }), name),
      })
      .catch((error: unknown) => {
        if (this.#isDead) return never();
        throw error;
      });
    if (this.#isDead) return never();
    if (operation === 'start') await noteStarts(response.clone(), body, witness);
    return response;
  }

  #sleep(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const stop = () => {
        cancel();
        reject(signal?.reason as Error);
      };
      const cancel = this.#surroundings.scheduler.after(delayMs, `sleep ${this.name}`, () => {
        signal?.removeEventListener('abort', stop);
        if (!this.#isDead) resolve();
      });
      signal?.addEventListener('abort', stop, { once: true });
    });
  }
}

/** The page has received these sessions. */
async function noteStarts(response: Response, body: unknown, witness: Witness): Promise<void> {
  const json = (await response.json().catch(() => undefined)) as
    { results?: { outcome: string; session?: { mediaId?: string } }[] } | undefined;
  const { uploads } = JSON.parse(body as string) as { uploads: { fileName: string }[] };
  json?.results?.forEach(({ session }, index) => {
    const fileName = uploads[index]?.fileName;
    if (session && fileName !== undefined) witness.heard(fileName, session.mediaId);
  });
}

function never(): Promise<never> {
  return new Promise(() => {});
}
