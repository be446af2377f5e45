import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { chromiumArgs, wholeChromium } from './chromium.js';

/** A Chromium with a profile of its own that can be killed as a crash would, and started again with what is on disk. */
export class MortalBrowser {
  readonly #profile: string;
  readonly #baseURL: string | undefined;
  readonly #onPage: (page: Page) => void;
  #context: BrowserContext | undefined;

  constructor(profile: string, baseURL: string | undefined, onPage: (page: Page) => void = () => {}) {
    this.#profile = profile;
    this.#baseURL = baseURL;
    this.#onPage = onPage;
  }

  /** Starts it, and answers its one tab. */
  async start(): Promise<Page> {
    const context = await chromium.launchPersistentContext(this.#profile, {
      viewport: { width: 1000, height: 800 },
      ...(this.#baseURL && { baseURL: this.#baseURL }),
      ...(wholeChromium ? { executablePath: wholeChromium } : { channel: 'chromium' }),
      args: chromiumArgs,
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

  /** SIGKILL for every process of it: nothing is flushed, nothing is said. */
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
    // A child of one that was killed before it.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
