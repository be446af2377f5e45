import type { UploadSnapshot } from '../engine/index.js';
import type { Browser } from './browser.js';
import type { FaultName } from './faults.js';
import type { DiskFile } from './file.js';
import { Tab, type Place, type Surroundings } from './tab.js';

/**
 * What the person wants of a file. `either`: it was given up when it may have been stored already, or by a command to
 * another tab; both ends are true then, as long as everybody says the same.
 */
export type Wish = 'not-added' | 'wanted' | 'unwanted' | 'either';

export interface Plan {
  readonly file: DiskFile;
  readonly place: Place;
  wish: Wish;
  /** A page has said that it is stored. */
  isSeenDone: boolean;
  /** It was said to be stored, and not that its bytes are verified. */
  mayBeDamaged: boolean;
  /** The page that was given the file and has not said yet what it makes of it. */
  addingTab: Tab | undefined;
}

type Deed =
  | 'adds'
  | 'opens'
  | 'continues'
  | 'signs-in'
  | 'pauses'
  | 'resumes'
  | 'cancels'
  | 'removes'
  | 'retries'
  | 'gives-wrong-file'
  | 'discards'
  | 'signs-out'
  | 'continues-twice'
  | 'closes'
  | 'kills'
  | 'goes-offline';

/** How often each deed is chosen; those that a fault names only in runs with that fault. */
const deeds: Readonly<Record<Deed, { weight: number; fault?: FaultName }>> = {
  adds: { weight: 5 },
  opens: { weight: 2 },
  continues: { weight: 3 },
  'signs-in': { weight: 2 },
  pauses: { weight: 2, fault: 'person.pauses' },
  resumes: { weight: 3 },
  cancels: { weight: 1, fault: 'person.cancels' },
  removes: { weight: 1, fault: 'person.removes' },
  retries: { weight: 3, fault: 'person.retries' },
  'gives-wrong-file': { weight: 1, fault: 'person.gives-wrong-file' },
  discards: { weight: 1, fault: 'person.discards' },
  'signs-out': { weight: 1, fault: 'person.signs-out' },
  'continues-twice': { weight: 1, fault: 'person.continues-twice' },
  closes: { weight: 1, fault: 'tab.closed' },
  kills: { weight: 1, fault: 'tab.killed' },
  'goes-offline': { weight: 1, fault: 'line.offline' },
};

const buttons = {
  pauses: 'canPause',
  resumes: 'canResume',
  cancels: 'canCancel',
  removes: 'canRemove',
  retries: 'canRetry',
} as const;

/** Rows whose upload may be stored at the cloud already. */
const mayBeStored: readonly string[] = ['confirming', 'processing', 'ready', 'failed'];

/** A person with a browser, some files, and a habit of doing things at the worst moment. */
export class Person {
  readonly name: string;
  readonly browser: Browser;
  readonly plans: readonly Plan[];
  readonly tabs: Tab[] = [];
  readonly #surroundings: Surroundings;
  readonly #keepFilesMaxSizeBytes: number;
  #isSigningIn = false;

  constructor(name: string, browser: Browser, plans: readonly Plan[], surroundings: Surroundings) {
    this.name = name;
    this.browser = browser;
    this.plans = plans;
    this.#surroundings = surroundings;
    const { chance } = surroundings.scheduler;
    this.#keepFilesMaxSizeBytes = chance.pick(`kept files of ${name}`, [0, 150_000, 10_000_000]);
  }

  get openTabs(): readonly Tab[] {
    return this.tabs.filter(({ isDead }) => !isDead);
  }

  /** The records for which the person has files. */
  get records(): readonly string[] {
    return [...new Set(this.plans.map(({ place }) => place.record))];
  }

  planOf(fileName: string): Plan | undefined {
    return this.plans.find(({ file }) => file.name === fileName);
  }

  tabFor(record: string): Tab {
    return this.openTabs.find(({ place }) => place.record === record) ?? this.open(record);
  }

  open(record: string): Tab {
    const tab = new Tab(
      {
        name: `${this.name}/${record}/${this.tabs.length + 1}`,
        person: this.name,
        record,
        browser: this.browser,
        keepFilesMaxSizeBytes: this.#keepFilesMaxSizeBytes,
        onUnauthorized: () => this.#signInSoon(),
      },
      this.#surroundings,
    );
    this.tabs.push(tab);
    return tab;
  }

  signIn(): void {
    const { host } = this.#surroundings;
    if (this.browser.cookie === undefined || !host.isSignedIn(this.browser.cookie))
      this.browser.cookie = host.signIn(this.name);
    for (const { uploader } of this.openTabs) uploader.notifySignedIn();
  }

  add(tab: Tab, plan: Plan): void {
    if (plan.wish === 'not-added') plan.wish = 'wanted';
    this.#note(`adds ${plan.file.name} in ${tab.name}`);
    plan.addingTab = tab;
    tab.uploader
      .add([plan.file])
      .catch((error: unknown) => {
        this.#note(`add of ${plan.file.name} was rejected: ${String(error)}`);
      })
      .finally(() => {
        plan.addingTab = undefined;
      });
  }

  /** Does something, whatever comes to mind. */
  act(): void {
    const { scheduler, faultPlan } = this.#surroundings;
    const { chance } = scheduler;
    const weights = Object.fromEntries(
      Object.entries(deeds).map(([deed, { weight, fault }]) => [
        deed,
        fault === undefined || faultPlan.isActive(fault) ? weight : 0,
      ]),
    ) as Record<Deed, number>;
    const deed = chance.weighted(`deed of ${this.name}`, weights);
    const tab = chance.pick(`tab of ${this.name}`, this.#somewhere());
    this.#do(deed, tab);
  }

  #do(deed: Deed, tab: Tab): void {
    switch (deed) {
      case 'adds':
        return this.#addNext();
      case 'opens':
        if (this.openTabs.length < 3 && this.#surroundings.faultPlan.isActive('tab.second'))
          this.open(tab.place.record);
        return;
      case 'signs-in':
        return this.signIn();
      case 'signs-out':
        return this.#signOut();
      case 'closes':
      case 'kills':
        return tab.end(deed === 'closes' ? 'closed' : 'killed');
      case 'goes-offline':
        return this.#goOffline();
      case 'continues':
      case 'continues-twice':
      case 'gives-wrong-file':
      case 'discards':
        return this.#handleUnfinished(deed, tab);
      case 'pauses':
      case 'resumes':
      case 'cancels':
      case 'removes':
      case 'retries':
        return this.#handleRow(deed, tab);
    }
  }

  #handleRow(deed: 'pauses' | 'resumes' | 'cancels' | 'removes' | 'retries', tab: Tab): void {
    const [first, ...others] = tab.rows;
    if (!first) return;
    const row = this.#surroundings.scheduler.chance.pick(`row of ${this.name}`, [first, ...others]);
    const { id, fileName, status } = row;
    // A page shows the buttons that make sense.
    if (!row[buttons[deed]]) return;
    this.#note(`${deed} ${fileName} (${status}, ${row.owner}) in ${tab.name}`);
    const { uploader } = tab;
    switch (deed) {
      case 'pauses':
        return uploader.pause(id);
      case 'resumes':
        return uploader.resume(id);
      case 'retries': {
        const plan = this.planOf(fileName);
        if (plan) plan.wish = 'wanted';
        return uploader.retry(id);
      }
      case 'cancels':
        this.#giveUp(row);
        return uploader.cancel(id);
      case 'removes':
        if (status !== 'ready' && status !== 'processing' && status !== 'canceled') this.#giveUp(row);
        return uploader.remove(id);
    }
  }

  #giveUp({ fileName, status, owner }: UploadSnapshot): void {
    const plan = this.planOf(fileName);
    if (!plan) return;
    const isLate = mayBeStored.includes(status);
    plan.wish = owner === 'other' || isLate ? 'either' : 'unwanted';
  }

  #handleUnfinished(deed: 'continues' | 'continues-twice' | 'gives-wrong-file' | 'discards', tab: Tab): void {
    const [card] = tab.uploader.getSnapshot().unfinished;
    const plan = card && this.planOf(card.fileName);
    if (!plan) return;
    this.#note(`${deed} ${card.fileName} in ${tab.name}`);
    const { uploader } = tab;
    switch (deed) {
      case 'continues':
        return this.#continue(tab, card.id, plan.file);
      case 'continues-twice':
        this.#continue(tab, card.id, plan.file);
        return this.#continue(tab, card.id, plan.file);
      case 'gives-wrong-file': {
        const other = this.plans.find(({ file }) => file !== plan.file);
        if (other) this.#continue(tab, card.id, other.file);
        return;
      }
      case 'discards': {
        const isRunning = this.openTabs.some(({ rows }) =>
          rows.some(({ fileName, status }) => fileName === card.fileName && status !== 'canceled'),
        );
        const mayDestroy = this.#surroundings.faultPlan.isActive('person.discards-what-runs');
        // A tab that knows nothing of it yet may take it over at any moment.
        if ((isRunning || this.openTabs.length > 1) && !mayDestroy) return;
        // Another tab may go on with it just now; then nothing is discarded.
        const isFinishing = this.browser.disk.entries.get(card.id)?.phase === 'finishing';
        if (!isRunning) plan.wish = this.openTabs.length > 1 || isFinishing ? 'either' : 'unwanted';
        return uploader.discardUnfinished(card.id);
      }
    }
  }

  #continue(tab: Tab, id: string, file: DiskFile): void {
    tab.uploader.continueUnfinished(id, file).then(
      (outcome) => this.#note(`${file.name} is ${outcome} in ${tab.name}`),
      (error: unknown) => this.#note(`continue of ${file.name} was rejected: ${String(error)}`),
    );
  }

  #addNext(): void {
    const plan = this.plans.find(({ wish }) => wish === 'not-added');
    if (plan) this.add(this.tabFor(plan.place.record), plan);
  }

  #somewhere(): readonly [Tab, ...Tab[]] {
    const [first, ...others] = this.openTabs;
    if (first) return [first, ...others];
    return [this.open(this.records[0] ?? 'lesson-1')];
  }

  #signOut(): void {
    if (this.browser.cookie !== undefined) this.#surroundings.host.expire(this.browser.cookie);
    this.browser.cookie = undefined;
  }

  #signInSoon(): void {
    if (this.#isSigningIn) return;
    this.#isSigningIn = true;
    const { scheduler } = this.#surroundings;
    const delayMs = scheduler.chance.between(`sign-in of ${this.name}`, 500, 20_000);
    scheduler.after(delayMs, `${this.name} signs in`, () => {
      this.#isSigningIn = false;
      this.signIn();
    });
  }

  #goOffline(): void {
    if (!this.browser.isOnline) return;
    const { scheduler } = this.#surroundings;
    this.browser.setOnline(false);
    const delayMs = scheduler.chance.between(`offline ${this.name}`, 500, 40_000);
    scheduler.after(delayMs, `${this.name} is online`, () => this.browser.setOnline(true));
  }

  #note(text: string): void {
    this.#surroundings.scheduler.note(`${this.name} ${text}`);
  }
}
