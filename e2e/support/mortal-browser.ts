import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { chromiumArgs, wholeChromium } from './chromium.js';

/** A Chromium with its own profile that can be killed as in a crash and restarted with the data on disk. */
export class MortalBrowser {
  readonly #profile: string;
  readonly #baseURL: string | undefined;
  readonly #onPage: (page: Page) => void;
  readonly #args: readonly string[];
  #context: BrowserContext | undefined;

  constructor(
    profile: string,
    baseURL: string | undefined,
    onPage: (page: Page) => void = () => {},
    args: readonly string[] = [],
  ) {
    this.#profile = profile;
    this.#baseURL = baseURL;
    this.#onPage = onPage;
    this.#args = args;
  }

  /** Starts the browser and returns its only tab. */
  async start(): Promise<Page> {
    const context = await chromium.launchPersistentContext(this.#profile, {
      viewport: { width: 1000, height: 800 },
      baseURL: this.#baseURL,
      executablePath: wholeChromium,
      channel: wholeChromium ? undefined : 'chromium',
      args: [...chromiumArgs, ...this.#args],
    });
    this.#context = context;
    context.on('page', this.#onPage);
    const [page = await context.newPage()] = context.pages();
    this.#onPage(page);
    return page;
  }

  get context(): BrowserContext {
    if (!this.#context) throw new Error('the browser is not running');
    return this.#context;
  }

  /** Sends SIGKILL to every process of the browser, so that it flushes and sends no data. */
  async kill(): Promise<void> {
    const context = this.#context;
    const session = await context?.browser()?.newBrowserCDPSession();
    if (!context || !session) throw new Error('the browser is not running');
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const gone = new Promise<void>(
      (resolve) =>
        void context.once('close', () => {
          resolve();
        }),
    );
    for (const { id } of processInfo) end(id);
    await gone;
    this.#context = undefined;
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = undefined;
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // The process is the child of a process that was killed before it, and has ended.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
