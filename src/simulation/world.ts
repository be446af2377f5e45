import { Browser } from './browser.js';
import { Chance } from './chance.js';
import { cloudNames, openClouds, partSizeBytes, type CloudName } from './clouds.js';
import { Disk } from './disk.js';
import { HostApplication } from './endpoint.js';
import { FaultPlan, type FaultName } from './faults.js';
import { makeFile } from './file.js';
import { takeGlobals } from './globals.js';
import { Judge, type Complaint } from './judge.js';
import { Line } from './line.js';
import { Person, type Plan } from './person.js';
import { untilQuiet } from './quiet.js';
import { Scheduler } from './scheduler.js';
import { forgetUploads } from './store-view.js';
import { HostError, type Surroundings, type Tab } from './tab.js';
import { Witness } from './witness.js';

export interface SimulationOptions {
  readonly cloud?: CloudName | undefined;
  readonly keepsLog?: boolean;
  /** Known gaps to turn on, or `all`. */
  readonly gapsOn?: ReadonlySet<string>;
  /**
   * Resolves when no dynamic import is under way. A page whose code comes after the run would set timers of the real
   * clock, which ring in the middle of a later run.
   */
  readonly importsSettled?: () => Promise<void>;
}

export interface SimulationResult {
  readonly seed: number;
  readonly cloud: CloudName;
  readonly complaints: readonly Complaint[];
  readonly faults: readonly FaultName[];
  /** Equal for equal runs. */
  readonly logHash: number;
  readonly eventCount: number;
  readonly log: readonly string[];
}

/** One run, from first to last a function of its seed. */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<SimulationResult> {
  const scheduler = new Scheduler(new Chance(seed), { keepsLog: options.keepsLog ?? false });
  let world: World | undefined;
  const restore = takeGlobals(scheduler, (error) => world?.hearError(error));
  try {
    world = new World(scheduler, options);
    return await world.run();
  } finally {
    await options.importsSettled?.();
    await untilQuiet();
    restore();
  }
}

/** How many rounds the phase without faults may take. */
const maxRounds = 16;
const roundMs = 45_000;
/** Then the pages stay open for longer: some waits end only after minutes. */
const patientRounds = 3;
const patientRoundMs = 15 * 60_000;

class World {
  readonly #scheduler: Scheduler;
  readonly #faultPlan: FaultPlan;
  readonly #judge: Judge;
  readonly #surroundings: Surroundings;
  readonly #people: readonly Person[];
  readonly #cloud: CloudName;
  readonly #gapsOn: ReadonlySet<string>;

  constructor(scheduler: Scheduler, { cloud, gapsOn = new Set() }: SimulationOptions) {
    const { chance } = scheduler;
    this.#scheduler = scheduler;
    this.#gapsOn = gapsOn;
    this.#cloud = cloud ?? chance.pick('cloud', cloudNames);
    this.#faultPlan = new FaultPlan(chance, gapsOn);
    const faultPlan = this.#faultPlan;
    const line = new Line(scheduler, faultPlan);
    const clouds = openClouds(chance, () => scheduler.nowMs, {
      refusesRepeats: faultPlan.isActive('cloud.refuses-repeated-commit'),
      hidesRefusals: faultPlan.isActive('store.hides-refusals'),
      provesParts: this.#cloud === 'huawei-metastudio' && !faultPlan.isActive('store.corrupts-unproven'),
    });
    const witness = new Witness();
    this.#judge = new Judge(clouds, witness, {
      gapsOn,
      mayDamage: this.#cloud === 'huawei-metastudio' && faultPlan.isActive('store.corrupts-unproven'),
      mayLack: (['disk.late', 'disk.cleared', 'disk.refuses', 'disk.silent', 'lock.refused'] as const).some(
        (name) => faultPlan.isActive(name),
      ),
      mayForget: faultPlan.isActive('disk.cleared') || faultPlan.isActive('lock.refused'),
    });
    const host = new HostApplication({
      scheduler,
      line,
      clouds,
      cloud: this.#cloud,
      witness,
      onMixed: (complaint) => this.#judge.complain('MIXED', complaint),
    });
    const isUnproven = this.#cloud === 'huawei-metastudio';
    this.#surroundings = {
      scheduler,
      faultPlan,
      line,
      clouds,
      witness,
      host,
      watch: this.#judge,
      isUnproven,
    };
    // One profile of one browser, in which two people sign in: their scopes keep them apart.
    const disk = new Disk();
    this.#people = ['ann', 'ben'].map(
      (name, index) =>
        new Person(
          name,
          new Browser(name, disk, scheduler, faultPlan),
          plan(chance, name, index),
          this.#surroundings,
        ),
    );
    scheduler.onQuiet = () => this.#judge.look(this.#people);
  }

  /** The engine reports what functions of the host throw, and nothing else. */
  hearError(error: unknown): void {
    if (!(error instanceof HostError))
      this.#judge.complain('UNTRUE', `an error is reported: ${String(error)}`);
  }

  async run(): Promise<SimulationResult> {
    this.#scheduler.note(`${this.#cloud}: ${this.#faultPlan.active.join(' ')}`);
    await this.#chaos();
    await this.#withoutFaults();
    await this.#judge.final(this.#people);
    const { chance, logHash, deliveredCount, log } = this.#scheduler;
    return {
      seed: chance.seed,
      cloud: this.#cloud,
      complaints: this.#judge.complaints,
      faults: this.#faultPlan.active,
      logHash,
      eventCount: deliveredCount,
      log,
    };
  }

  async #chaos(): Promise<void> {
    const { chance } = this.#scheduler;
    const { host, clouds } = this.#surroundings;
    const chaosMs = chance.between('chaos', 40_000, 160_000);
    for (const person of this.#people) {
      person.signIn();
      const count = chance.between(`deeds of ${person.name}`, 6, 18);
      for (let deed = 0; deed < count; deed += 1)
        this.#scheduler.after(chance.between(`when ${person.name}`, 0, chaosMs), `${person.name} acts`, () =>
          person.act(),
        );
    }
    const once = (fault: FaultName, act: () => void) => {
      if (this.#faultPlan.strikes(fault, 'run'))
        this.#scheduler.after(chance.between(`when ${fault}`, 0, chaosMs), fault, act);
    };
    once('endpoint.restart', () => host.restart());
    once('store.forgets-uploads', () => void forgetUploads(clouds));
    for (const { browser } of this.#people) {
      once('disk.cleared', () => browser.disk.clear(this.#surroundings.witness));
      once('session.expires', () => {
        if (browser.cookie !== undefined) host.expire(browser.cookie);
      });
    }
    await this.#scheduler.advance(chaosMs);
  }

  /** Nothing goes wrong any more; people sign in, go on with what can go on, and come back once more. */
  async #withoutFaults(): Promise<void> {
    this.#faultPlan.end();
    this.#scheduler.note('no more faults');
    this.#judge.noteLostTabs(this.#people);
    let hasComeBack = false;
    for (let round = 0; round < maxRounds + patientRounds; round += 1) {
      for (const person of this.#people) this.#comeBack(person);
      // What was kept goes on by itself, and takes a moment for it.
      await this.#scheduler.advance(10_000);
      for (const person of this.#people) this.#goOn(person);
      await this.#scheduler.advance(round < maxRounds ? roundMs : patientRoundMs);
      // A page that does not get on is loaded again.
      if (!this.#isOver() && round !== maxRounds / 2) continue;
      const isOver = this.#isOver();
      for (const person of this.#people) for (const tab of person.openTabs) tab.end('closed');
      await this.#scheduler.advance(5000);
      if (hasComeBack && isOver) return;
      hasComeBack = isOver;
    }
    for (const tab of this.#people.flatMap(({ openTabs }) => openTabs))
      for (const line of unsettled(tab)) this.#judge.complain('LOST', `${line} never ends`);
    for (const plan of this.#people.flatMap(({ plans }) => plans))
      if (this.#isMissing(plan)) this.#judge.complain('LOST', `${plan.file.name} never arrives`);
  }

  #comeBack(person: Person): void {
    if (!person.browser.isOnline) person.browser.setOnline(true);
    person.signIn();
    for (const record of person.records) person.tabFor(record);
  }

  #goOn(person: Person): void {
    for (const record of person.records) {
      const tab = person.tabFor(record);
      const { uploader } = tab;
      uploader.resumeAll();
      for (const { id, status, canRetry, canResume, owner, fileName } of tab.rows) {
        if (owner === 'other' && canResume) uploader.resume(id);
        if (status !== 'failed') continue;
        if (canRetry) uploader.retry(id);
        else {
          this.#scheduler.note(`${person.name} removes ${fileName}, which cannot be retried`);
          uploader.remove(id);
        }
      }
      for (const { id, fileName } of uploader.getSnapshot().unfinished) {
        const plan = person.planOf(fileName);
        // A row of the same file is being retried or goes on.
        if (!plan || this.#isRunning(person, fileName)) continue;
        if (plan.wish === 'unwanted') uploader.discardUnfinished(id);
        else person.add(tab, plan);
      }
    }
    for (const one of person.plans) {
      // A person who sees a video neither in the rows nor in the application adds it again.
      if (!this.#isMissing(one) || one.addingTab?.isDead === false) continue;
      const isShown = person.openTabs.some(({ uploader }) => {
        const { uploads, unfinished } = uploader.getSnapshot();
        return [...uploads.filter(({ status }) => status !== 'canceled'), ...unfinished].some(
          ({ fileName }) => fileName === one.file.name,
        );
      });
      if (!isShown) person.add(person.tabFor(one.place.record), one);
    }
  }

  #isRunning(person: Person, fileName: string): boolean {
    return person.openTabs.some(({ rows }) =>
      rows.some((row) => row.fileName === fileName && row.status !== 'canceled'),
    );
  }

  #isMissing({ wish, isSeenDone }: Plan): boolean {
    return wish === 'wanted' && !isSeenDone;
  }

  #isOver(): boolean {
    return this.#people.every(
      ({ openTabs, plans }) =>
        !plans.some((one) => this.#isMissing(one)) && openTabs.every((tab) => unsettled(tab).length === 0),
    );
  }
}

/** What is still under way in a tab, or is shown as if it were. */
function unsettled({ name, uploader }: Tab): string[] {
  const { uploads, unfinished } = uploader.getSnapshot();
  return [
    ...uploads
      .filter(({ status, cleanup }) => !['ready', 'canceled'].includes(status) || cleanup === 'pending')
      .map(
        ({ fileName, status, owner, error, waiting, cleanup }) =>
          `${fileName} in ${name} (${[status, owner, error?.message, waiting?.for, cleanup].filter(Boolean).join(', ')})`,
      ),
    ...unfinished.map(({ fileName }) => `unfinished ${fileName} in ${name}`),
  ];
}

/** The files of a person, over two records. */
function plan(chance: Chance, person: string, index: number): Plan[] {
  const count = chance.between(`files of ${person}`, 1, 4);
  return Array.from({ length: count }, (_, number): Plan => {
    const record = chance.pick(`record of ${person}`, ['lesson-1', 'lesson-2']);
    const sizeBytes = chance.happens(`small ${person}`, 0.4)
      ? chance.between(`size of ${person}`, 100, 5000)
      : chance.between(`size of ${person}`, partSizeBytes - 20_000, 4 * partSizeBytes);
    const name = `${person}-${record}-clip${number + 1}.mp4`;
    return {
      file: makeFile(name, sizeBytes, 1 + index * 10 + number),
      place: { person, record },
      wish: 'not-added',
      isSeenDone: false,
      mayBeDamaged: false,
      addingTab: undefined,
    };
  });
}
