import { writeFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { test } from '../support/demo.js';
import { MortalBrowser } from '../support/mortal-browser.js';
import type { Sandbox } from '../support/sandbox.js';
import { watchForSecrets } from '../support/test.js';
import { Widget } from '../support/widget.js';
import { Files, type SoakFile } from './files.js';
import { Random } from './random.js';
import { everyday, nextFault } from './faults.js';

const minutes = Number(process.env['VODROP_SOAK_MINUTES'] ?? 1);
const seed = Number(process.env['VODROP_SOAK_SEED'] ?? 1);
const providers = ['huawei-vod', 'huawei-metastudio', 'alibaba-vod', 'tencent-vod', 's3'];
/** The maximum number of open uploads: the soak tests faults, not the capacity of the machine. */
const maxOpen = 10;
/** An answer this close to the end of its page may be missing from the journal. */
const lastWordsMs = 1000;
/** After the faults are cleared, all uploads have to end within this time. */
const clearingMs = 100_000;

/** One soak: a person with one tab for each cloud, under random faults. */
class Soak {
  readonly #random = new Random(seed);
  readonly #sandbox: Sandbox;
  readonly #secrets = watchForSecrets();
  readonly #browser: MortalBrowser;
  readonly #files: Files;
  readonly #tabs = new Map<string, Widget>();
  readonly counts: Record<string, number> = {};
  readonly #diary: string[] = [];
  /** The times at which pages ended, for any reason. */
  readonly #deaths: number[] = [];

  constructor(sandbox: Sandbox, browser: ConstructorParameters<typeof MortalBrowser>, directory: string) {
    this.#sandbox = sandbox;
    this.#browser = new MortalBrowser(browser[0], browser[1], this.#secrets.watch);
    this.#files = new Files(directory, this.#random);
  }

  async run(): Promise<Record<string, number>> {
    await this.#sandbox.faults(everyday);
    await this.#open();
    const until = Date.now() + minutes * 60_000;
    while (Date.now() < until) {
      await this.#step();
      await this.#look();
      // The pause between steps is part of the plan.
      await new Promise((resolve) => setTimeout(resolve, this.#random.between(100, 1200)));
    }
    await this.#clearUp();
    const result = await this.#judge();
    await this.#browser.close();
    this.#files.remove();
    this.#secrets.expectNone();
    return result;
  }

  /** The steps of the plan, the requests to the clouds, and the current rows of the tabs. */
  async tell(): Promise<string> {
    const requests = (await this.#sandbox.requests()).map(
      ({ at, provider, action, status, bytes, object, partNumber }) =>
        `${at} ${provider} ${action} ${partNumber ?? ''} ${status} ${bytes} ${object ?? ''}`,
    );
    const rows = await Promise.all(
      [...this.#tabs.values()].map(async ({ rows: shown }) =>
        (
          await shown
            .evaluateAll((all) =>
              all.map((row) => `${JSON.stringify((row as HTMLElement).dataset)} ${row.textContent}`),
            )
            .catch(() => [])
        ).join('\n'),
      ),
    );
    return [...[...this.#diary, ...requests].sort(), ...rows].join('\n');
  }

  async #open(): Promise<void> {
    let page: Page | undefined = await this.#browser.start();
    for (const provider of providers) {
      page ??= await this.#browser.context.newPage();
      await this.#show(provider, page);
      page = undefined;
    }
  }

  async #show(provider: string, page: Page): Promise<Widget> {
    const widget = new Widget(page);
    await page.goto(`/?provider=${provider}&undo=false`);
    await expect(page.locator('[data-vodrop="uploader"]')).toBeVisible();
    this.#tabs.set(provider, widget);
    return widget;
  }

  #tab(provider: string): Widget {
    const widget = this.#tabs.get(provider);
    if (!widget) throw new Error(`there is no tab for ${provider}`);
    return widget;
  }

  async #step(): Promise<void> {
    const provider = this.#random.pick(providers) ?? 's3';
    const widget = this.#tab(provider);
    const what = this.#random.weighted({
      add: 6,
      fault: 5,
      reload: 1,
      reopen: 1,
      'second tab': 1,
      crash: 0.7,
      kill: 0.6,
      offline: 0.5,
      pause: 1.5,
      resume: 2,
      cancel: 1.5,
      'give again': 3,
    });
    this.#count(what);
    this.#note(`${provider} ${what}`);
    switch (what) {
      case 'add':
        return this.#add(provider);
      case 'fault': {
        const { what: kind, rule } = nextFault(this.#random, provider);
        this.#note(`${provider} ${kind}`);
        const left = (await this.#sandbox.rules()).filter(({ times }) => times !== null);
        await this.#sandbox.clearFaults();
        return this.#sandbox.faults(...left, rule, everyday);
      }
      case 'reload':
        this.#die();
        await widget.page.reload();
        return;
      case 'reopen':
        this.#die();
        await widget.page.close();
        await this.#show(provider, await this.#browser.context.newPage());
        return;
      case 'second tab': {
        // The new tab takes over the uploads of the tab that closes.
        await this.#show(provider, await this.#browser.context.newPage());
        this.#die();
        await widget.page.close();
        return;
      }
      case 'crash': {
        const session = await this.#browser.context.newCDPSession(widget.page);
        const crashed = new Promise((resolve) => void widget.page.once('crash', resolve));
        session.send('Page.crash').catch(() => {
          /* The tab crashes before it can answer. */
        });
        await crashed;
        this.#die();
        await widget.page.close();
        await this.#show(provider, await this.#browser.context.newPage());
        return;
      }
      case 'kill':
        await this.#browser.kill();
        this.#die();
        return this.#open();
      case 'offline':
        await this.#browser.context.setOffline(true);
        await new Promise((resolve) => setTimeout(resolve, this.#random.between(500, 4000)));
        return this.#browser.context.setOffline(false);
      case 'pause':
        return this.#press(widget, 'Pause');
      case 'resume':
        return this.#press(widget, 'Resume');
      case 'cancel':
        return this.#cancel(widget);
      case 'give again':
        return this.#giveAgain(provider);
      default:
        return what satisfies never;
    }
  }

  async #add(provider: string): Promise<void> {
    const open = (
      await Promise.all(
        providers.map(
          async (one) =>
            (await this.#rows(one)).filter(
              ({ status }) => !['ready', 'failed', 'canceled', 'processing'].includes(status),
            ).length,
        ),
      )
    ).reduce((a, b) => a + b);
    if (open >= maxOpen) return;
    const files = Array.from({ length: this.#random.between(1, 3) }, () => this.#files.make(provider));
    const way = this.#random.pick(['pick', 'drop'] as const) ?? 'pick';
    await this.#tab(provider)[way](...files.map((file) => file.path));
  }

  /** Presses the named button of a random row, if there is one. The button may disappear before the click. */
  async #press(widget: Widget, name: string, status?: string): Promise<void> {
    const rows =
      status === undefined ? '[data-vodrop="upload"]' : `[data-vodrop="upload"][data-status="${status}"]`;
    const buttons = widget.page.locator(rows).getByRole('button', { name, exact: true });
    const count = await buttons.count();
    if (count === 0) return;
    // A tab behind another one may render no frames, and a click waits for two.
    await widget.page.bringToFront();
    await buttons
      .nth(this.#random.between(0, count - 1))
      .click({ timeout: 1000 })
      .then(
        () => {
          this.#note(`pressed ${name}`);
        },
        (error: unknown) => {
          this.#count('button gone');
          this.#note(
            `could not press ${name}: ${error instanceof Error ? error.message.replaceAll('\n', ' ').slice(0, 600) : ''}`,
          );
        },
      );
  }

  async #cancel(widget: Widget): Promise<void> {
    const names = await widget.page
      .locator(
        '[data-vodrop="upload"]:is([data-status="uploading"], [data-status="paused"], [data-status="preparing"], [data-status="queued"], [data-status="confirming"])',
      )
      .evaluateAll((rows) => rows.map((row) => (row as HTMLElement).dataset['fileName'] ?? ''));
    const name = this.#random.pick(names);
    if (name === undefined) return;
    const row = widget.row(name);
    const file = this.#files.find(name);
    if (file) file.mayBeCanceled = true;
    await widget.page.bringToFront();
    const isPressed = await widget
      .button('Cancel', row)
      .click({ timeout: 1000 })
      .then(
        () => true,
        () => false,
      );
    // It asks where minutes of sending would be lost.
    if (await widget.button('Cancel upload', row).isVisible()) await this.#press(widget, 'Cancel upload');
    if (!file || !isPressed) return this.#count('button gone');
    // The upload may have been confirmed before the click: then it is not canceled, or the button was already Remove.
    const statusNow = async () =>
      (await this.#rows(file.provider)).find(({ name: one }) => one === name)?.status ?? 'removed';
    await expect.poll(statusNow).toMatch(/^(canceled|processing|ready|removed)$/);
    file.isCanceled = (await statusNow()) === 'canceled';
  }

  /** Selects the files that the widget asks for. */
  async #giveAgain(provider: string): Promise<void> {
    const widget = this.#tab(provider);
    const names = await widget.unfinished.evaluateAll((cards) =>
      cards.map((card) => (card as HTMLElement).dataset['fileName'] ?? ''),
    );
    const files = names.flatMap((name) => this.#files.find(name) ?? []);
    if (files.length === 0) return;
    for (const file of files) file.givenAgain += 1;
    await widget.pick(...files.map((file) => file.path));
  }

  async #rows(provider: string): Promise<{ name: string; status: string; text: string }[]> {
    return this.#tab(provider).rows.evaluateAll((rows) =>
      rows.map((row) => {
        const { fileName = '', status = '' } = (row as HTMLElement).dataset;
        return { name: fileName, status, text: row.textContent };
      }),
    );
  }

  async #look(): Promise<void> {
    for (const provider of providers) {
      for (const { name, status } of await this.#rows(provider)) {
        const file = this.#files.find(name);
        if (file && status === 'ready') file.wasReady = true;
      }
    }
  }

  /** Clears the faults and continues every upload until all of them have ended. */
  async #clearUp(): Promise<void> {
    await this.#sandbox.clearFaults();
    const until = Date.now() + clearingMs;
    const missing = new Map<SoakFile, number>();
    let left: string[] = [];
    while (Date.now() < until) {
      left = [];
      const stored = await this.#sandbox.objects();
      for (const provider of providers) {
        await this.#giveAgain(provider);
        const widget = this.#tab(provider);
        // A late click on Cancel may have left its question open.
        await this.#press(widget, 'Keep uploading');
        await this.#press(widget, 'Resume');
        await this.#press(widget, 'Retry', 'failed');
        const rows = new Map((await this.#rows(provider)).map((row) => [row.name, row]));
        for (const file of this.#files.of(provider)) {
          const { status, text } = rows.get(file.name) ?? {};
          if (status === 'canceled' && file.mayBeCanceled) file.isCanceled = true;
          const isOver =
            file.isCanceled ||
            stored.some((object) => object.provider === provider && object.md5Hex === file.md5Hex);
          if (status !== undefined ? !['ready', 'canceled'].includes(status) : !isOver)
            left.push(`${file.name}: ${status ?? 'no row'} ${text ?? ''}`);
          // The page was killed before the cloud answered, so no upload started: the person selects the file again.
          if (status === undefined && !isOver) missing.set(file, (missing.get(file) ?? 0) + 1);
          else missing.delete(file);
          if ((missing.get(file) ?? 0) < 4) continue;
          missing.delete(file);
          file.givenAgain += 1;
          this.#count('started again');
          await widget.pick(file.path);
        }
      }
      await this.#look();
      if (left.length === 0) return;
      await new Promise((resolve) => setTimeout(resolve, 700));
    }
    throw new Error(`seed ${seed}: these uploads did not end: ${left.join(', ')}`);
  }

  async #judge(): Promise<Record<string, number>> {
    // On one more visit the page reports canceled uploads to the cloud, and the widget offers none of them.
    for (const provider of providers) {
      const { page, rows, unfinished } = this.#tab(provider);
      await page.reload();
      await expect(page.getByRole('button', { name: 'Choose videos' })).toBeVisible();
      await expect
        .poll(async () => [await unfinished.count(), await rows.count()], { timeout: 60_000 })
        .toEqual([0, 0]);
    }
    await expect
      .poll(() => this.#tab('s3').page.evaluate(countJournal))
      .toEqual({ uploads: 0, parts: 0, files: 0 });
    const [objects, media, requests] = [
      await this.#sandbox.objects(),
      await this.#sandbox.media(),
      await this.#sandbox.requests(),
    ];
    const stored = (file: SoakFile) =>
      objects.filter(({ provider, md5Hex }) => provider === file.provider && md5Hex === file.md5Hex).length;
    const acknowledged = new Map<string, number[]>();
    for (const { action, status, answeredAt, provider, object, partNumber } of requests) {
      if (action !== 'UploadPart' || status !== 200 || answeredAt === null) continue;
      const key = `${provider} ${object} ${partNumber}`;
      acknowledged.set(key, [...(acknowledged.get(key) ?? []), Date.parse(answeredAt)]);
    }
    const again = [...acknowledged].flatMap(([key, [first = 0, ...others]]) =>
      others.length > 0 ? { key, first } : [],
    );
    // The store answered while the page ended. Where the store has no list of parts, the answer cannot be recovered.
    const unheard = again.filter(({ first }) =>
      this.#deaths.some((death) => first > death - lastWordsMs && first < death + lastWordsMs),
    );
    for (const { key } of again) this.#note(`acknowledged and sent again: ${key}`);
    const { all } = this.#files;
    const lost = all.filter((file) => !file.isCanceled && stored(file) === 0);
    for (const { name, mayBeCanceled, wasReady } of lost)
      process.stdout.write(`lost: ${name}, ${JSON.stringify({ mayBeCanceled, wasReady })}\n`);
    const known = new Set(all.map(({ md5Hex }) => md5Hex));
    // MetaStudio cancels the file and does not change its asset.
    const begun = media.filter(
      ({ status, fields }) =>
        ['CREATING', 'Uploading'].includes(status) && !JSON.stringify(fields).includes('"end":"CANCELLED"'),
    );
    for (const { provider, mediaId, fields } of begun)
      this.#note(`${provider} left in creation: ${mediaId} ${JSON.stringify(fields)}`);
    return {
      started: all.length,
      'ended ready': all.filter((file) => !file.isCanceled && stored(file) > 0).length,
      'ended canceled by the plan': all.filter((file) => file.isCanceled && stored(file) === 0).length,
      'canceled too late, stored intact': all.filter((file) => file.isCanceled && stored(file) > 0).length,
      'files selected again by the person': all.reduce((sum, file) => sum + file.givenAgain, 0),
      'parts acknowledged': acknowledged.size,
      lost: lost.length,
      'stored twice': all.filter((file) => stored(file) > 1).length,
      'objects differing': objects.filter(({ md5Hex }) => !known.has(md5Hex)).length,
      'acknowledged parts sent twice': again.length - unheard.length,
      'acknowledged while the page ended and sent again': unheard.length,
      'multipart uploads left open': (await this.#sandbox.openUploads()).length,
      'media left in creation': begun.length,
    };
  }

  #die(): void {
    this.#deaths.push(Date.now());
  }

  /** Adds an event with its time to the log that explains a failed run. */
  #note(what: string): void {
    this.#diary.push(`${new Date().toISOString()} ${what}`);
  }

  #count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
}

/** Runs in the page: counts the records that are left in the journal. */
async function countJournal(): Promise<Record<string, number>> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('vodrop');
    request.onsuccess = () => {
      resolve(request.result);
    };
    request.onerror = () => {
      reject(new Error('the journal cannot be opened'));
    };
  });
  const counts = await Promise.all(
    [...database.objectStoreNames].map(
      (name) =>
        new Promise<[string, number]>((resolve) => {
          const request = database.transaction(name).objectStore(name).count();
          request.onsuccess = () => {
            resolve([name, request.result]);
          };
        }),
    ),
  );
  database.close();
  return Object.fromEntries(counts);
}

test(`random faults for ${minutes} minutes with seed ${seed} lose no upload and store none twice`, async ({
  baseURL,
  sandbox,
}, testInfo) => {
  test.setTimeout(minutes * 60_000 + clearingMs + 120_000);
  const soak = new Soak(sandbox, [testInfo.outputPath('profile'), baseURL], testInfo.outputDir);
  const result = await soak.run().finally(async () => {
    writeFileSync(testInfo.outputPath('diary.txt'), await soak.tell());
  });
  const done = Object.entries(soak.counts)
    .map(([what, times]) => `${what} ${times}`)
    .join(', ');
  const figures = Object.entries(result)
    .map(([what, count]) => `${String(count).padStart(6)}  ${what}\n`)
    .join('');
  process.stdout.write(`seed ${seed}: ${done}\n${figures}`);
  const {
    lost,
    'stored twice': twice,
    'objects differing': differing,
    'acknowledged parts sent twice': again,
    'multipart uploads left open': open,
    'media left in creation': begun,
  } = result;
  expect({ lost, twice, differing, again, open, begun }).toEqual({
    lost: 0,
    twice: 0,
    differing: 0,
    again: 0,
    open: 0,
    begun: 0,
  });
  expect(result['ended ready']).toBeGreaterThan(0);
});
