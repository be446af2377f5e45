import type { LocalSandbox } from '../sandbox/index.js';
import { createTokenEndpoint, memoryStore, type TokenEndpoint } from '../server/index.js';
import { callCloud } from './cloud-call.js';
import { createProvider, type CloudName } from './clouds.js';
import type { Line } from './line.js';
import { lineCut } from './line.js';
import type { Scheduler } from './scheduler.js';
import type { Witness } from './witness.js';

export interface EndpointOptions {
  readonly scheduler: Scheduler;
  readonly line: Line;
  readonly clouds: LocalSandbox;
  readonly cloud: CloudName;
  readonly witness: Witness;
  readonly onMixed: (complaint: string) => void;
}

/** How long a restart takes. */
const restartMs = 40_000;

/**
 * The host application: two instances of the token endpoint behind a proxy, with one secret, and the sessions of the
 * people who have signed in.
 */
export class HostApplication {
  readonly #instances: readonly TokenEndpoint[];
  readonly #scheduler: Scheduler;
  readonly #sessions = new Map<string, string>();
  #sessionCount = 0;
  #isAway = false;
  /** Ends the requests under way: nothing is answered when the instances stop. */
  readonly #cuts = new Set<() => void>();
  readonly #underWay = new Set<Request>();

  constructor({ scheduler, line, clouds, cloud, witness, onMixed }: EndpointOptions) {
    this.#scheduler = scheduler;
    const now = () => scheduler.nowMs;
    const store = memoryStore({ now });
    this.#instances = [1, 2].map((instance) =>
      createTokenEndpoint({
        providers: [
          witness.watch(
            createProvider(cloud, clouds, {
              now,
              random: () => scheduler.chance.draw(`retry of instance ${instance}`),
              fetch: (input, init) =>
                callCloud(new Request(input, { ...init, signal: null }), {
                  signal: init?.signal ?? undefined,
                  line,
                  clouds,
                  instance,
                  isAway: () => this.#isAway,
                  onLostCreation: (path) => witness.lostCreations.push(path),
                }),
            }),
          ),
        ],
        secret: 'the same secret for both instances of the endpoint',
        store,
        now,
        authorize: (request, call) => {
          const person = this.#sessions.get(request.headers.get('cookie') ?? '');
          if (person === undefined) return null;
          const record = request.headers.get('x-record');
          for (const { fileName, metadata } of call.uploads ?? []) {
            if (metadata?.['person'] !== person || metadata['record'] !== record)
              onMixed(`${fileName} of ${JSON.stringify(metadata)} came from ${person} for ${record}`);
          }
          return { id: person };
        },
      }),
    );
  }

  /** Answers the cookie of a new session. */
  signIn(person: string): string {
    const cookie = `session=${(this.#sessionCount += 1)}`;
    this.#sessions.set(cookie, person);
    return cookie;
  }

  isSignedIn(cookie: string): boolean {
    return this.#sessions.has(cookie);
  }

  expire(cookie: string): void {
    this.#sessions.delete(cookie);
  }

  /** Both instances at once, as after a deploy without care: calls under way are cut, and then no instance answers. */
  restart(): void {
    if (this.#isAway) return;
    this.#isAway = true;
    for (const cut of this.#cuts) cut();
    this.#scheduler.after(restartMs, 'endpoint is back', () => {
      this.#isAway = false;
    });
  }

  async answer(request: Request, name: string): Promise<Response> {
    if (this.#isAway) return new Response('<h1>Bad gateway</h1>', { status: 502 });
    // A request that is collected no longer passes its abortion on (undici holds it weakly).
    this.#underWay.add(request);
    const instance = this.#instances[this.#scheduler.chance.between(`instance ${name}`, 0, 1)];
    return await new Promise<Response>((resolve, reject) => {
      const cut = () => reject(lineCut());
      this.#cuts.add(cut);
      void instance?.(request)
        .then(resolve, reject)
        .finally(() => {
          this.#cuts.delete(cut);
          this.#underWay.delete(request);
        });
    });
  }
}
