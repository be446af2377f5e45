import type { StoreReply, UploadSnapshot } from '../engine/index.js';
import type { LocalSandbox } from '../sandbox/index.js';
import { openMediaStatuses } from './clouds.js';
import { isExcused } from './excuses.js';
import type { Person, Plan } from './person.js';
import { viewStore, type StoreView } from './store-view.js';
import type { Tab } from './tab.js';
import type { Target, Witness } from './witness.js';
import type { TrafficWatch } from './workers.js';

export const invariants = ['LOST', 'MIXED', 'DOUBLED', 'UNTRUE', 'ORPHANS'] as const;
export type Invariant = (typeof invariants)[number];

export interface Complaint {
  readonly invariant: Invariant;
  readonly text: string;
}

interface Sent {
  readonly sizeBytes: number;
  readonly inFlight: Map<string, number>;
  /** Acknowledged, or sent without hearing what became of it. */
  mayBeStored: boolean;
  isProven: boolean;
}

interface JudgeOptions {
  readonly gapsOn: ReadonlySet<string>;
  readonly mayForget: boolean;
  readonly mayLack: boolean;
  readonly mayDamage: boolean;
}

/** Holds what pages say and what clouds have against what is true, during a run and after it. */
export class Judge implements TrafficWatch {
  readonly complaints: Complaint[] = [];
  readonly #said = new Set<string>();
  readonly #clouds: LocalSandbox;
  readonly #witness: Witness;
  readonly #gapsOn: ReadonlySet<string>;
  /** What was in a journal may be gone, and with it what the host was to be told. */
  readonly #mayForget: boolean;
  /** The journal may have nothing of an upload. */
  readonly #mayLack: boolean;
  /** What arrives damaged may be seen by neither store, endpoint nor page. */
  readonly #mayDamage: boolean;
  /** By file name and part number. */
  readonly #sent = new Map<string, Map<number, Sent>>();
  /** People of whom a tab has ended while something was under way. */
  readonly #lostTabs = new Set<string>();
  readonly #deadTabs = new Set<string>();
  /** Files of which a row has said that what was sent could not be discarded. */
  readonly #uncleaned = new Set<string>();
  /** The latest claim of every row: each is looked into once. */
  readonly #claims = new Map<string, string>();

  constructor(
    clouds: LocalSandbox,
    witness: Witness,
    { gapsOn, mayForget, mayLack, mayDamage }: JudgeOptions,
  ) {
    this.#mayLack = mayLack;
    this.#mayForget = mayForget;
    this.#mayDamage = mayDamage;
    this.#clouds = clouds;
    this.#witness = witness;
    this.#gapsOn = gapsOn;
  }

  complain(invariant: Invariant, text: string): void {
    if (this.#said.has(text)) return;
    this.#said.add(text);
    this.complaints.push({ invariant, text: `${invariant}: ${text}` });
  }

  begin(
    tab: string,
    { fileName, partNumber }: Target,
    { sizeBytes, isSigned }: { sizeBytes: number; isSigned: boolean },
  ): (reply: StoreReply | undefined) => void {
    const parts = this.#sent.get(fileName) ?? new Map<number, Sent>();
    this.#sent.set(fileName, parts);
    const part = parts.get(partNumber) ?? {
      sizeBytes,
      inFlight: new Map<string, number>(),
      mayBeStored: false,
      isProven: false,
    };
    parts.set(partNumber, part);
    for (const other of part.inFlight.keys()) {
      if (other !== tab && !this.#deadTabs.has(other))
        this.complain('DOUBLED', `part ${partNumber} of ${fileName} is sent by ${tab} and ${other} at once`);
    }
    part.inFlight.set(tab, (part.inFlight.get(tab) ?? 0) + 1);
    return (reply) => {
      const left = (part.inFlight.get(tab) ?? 1) - 1;
      if (left > 0) part.inFlight.set(tab, left);
      else part.inFlight.delete(tab);
      if (!reply || reply.status === 200) part.mayBeStored = true;
      if (reply?.status === 200 && (reply.eTag !== undefined || isSigned)) part.isProven = true;
    };
  }

  /** Of the tabs that have changed since the last look. */
  async look(people: readonly Person[]): Promise<void> {
    let view: StoreView | undefined;
    for (const person of people) {
      for (const tab of person.tabs) {
        if (tab.isDead) this.#deadTabs.add(tab.name);
        if (!tab.takeDirty()) continue;
        for (const row of tab.rows) {
          this.#lookAtPlace(row.fileName, tab, person);
          this.#lookAtProgress(row);
          if (row.cleanup === 'failed') this.#uncleaned.add(row.fileName);
          if (!isClaim(row) || !this.#isNewClaim(tab, row)) continue;
          view ??= await viewStore(this.#clouds);
          this.#lookAtClaim(row, person, view);
        }
        for (const { fileName } of tab.uploader.getSnapshot().unfinished)
          this.#lookAtPlace(fileName, tab, person);
      }
    }
  }

  /** From now on tabs end only when nothing is under way. */
  noteLostTabs(people: readonly Person[]): void {
    for (const { name, tabs } of people) if (tabs.some(({ isDead }) => isDead)) this.#lostTabs.add(name);
  }

  async final(people: readonly Person[]): Promise<void> {
    const view = await viewStore(this.#clouds);
    // What the journal could not keep may be told again.
    for (const told of this.#mayLack ? [] : this.#witness.toldTwice)
      this.complain('DOUBLED', `the host heard twice: ${told}`);
    for (const person of people) {
      for (const plan of person.plans) this.#judgeFile(plan, this.#lostTabs.has(person.name), view);
      const { disk, heldLocks, name } = person.browser;
      for (const { fileName, phase } of disk.entries.values())
        this.complain('ORPHANS', `the journal of ${name} still has ${fileName} (${phase})`);
      if (disk.files.size > 0) this.complain('ORPHANS', `${disk.files.size} files are kept by ${name}`);
      if (heldLocks.length > 0) this.complain('ORPHANS', `${name} holds ${heldLocks.join(', ')}`);
    }
  }

  #isNewClaim({ name }: Tab, { id, status, cleanup }: UploadSnapshot): boolean {
    const [row, claim] = [`${name} ${id}`, `${status} ${cleanup}`];
    if (this.#claims.get(row) === claim) return false;
    this.#claims.set(row, claim);
    return true;
  }

  #lookAtPlace(fileName: string, tab: Tab, person: Person): void {
    const plan = person.planOf(fileName);
    if (!plan || plan.place.record !== tab.place.record)
      this.complain('MIXED', `${tab.name} shows ${fileName}`);
  }

  #lookAtProgress({ fileName, status, owner, sentBytes, sizeBytes }: UploadSnapshot): void {
    if (sentBytes > sizeBytes)
      this.complain('UNTRUE', `${fileName} says ${sentBytes} of ${sizeBytes} bytes are sent`);
    if (status !== 'uploading' || owner !== 'this') return;
    const most = [...(this.#sent.get(fileName)?.values() ?? [])]
      .filter(({ inFlight, mayBeStored }) => mayBeStored || inFlight.size > 0)
      .reduce((sum, part) => sum + part.sizeBytes, 0);
    if (sentBytes > most)
      this.complain('UNTRUE', `${fileName} says ${sentBytes} bytes are sent, where ${most} may be`);
  }

  #lookAtClaim(row: UploadSnapshot, person: Person, view: StoreView): void {
    const { fileName, status, sentBytes, sizeBytes, receipt, mediaId } = row;
    const plan = person.planOf(fileName);
    if (!plan) return;
    if (status === 'processing' || status === 'ready') {
      plan.isSeenDone = true;
      if (sentBytes !== sizeBytes)
        this.complain('UNTRUE', `${fileName} is ${status} with ${sentBytes} of ${sizeBytes} bytes`);
      if (!view.objects.some(({ md5Hex }) => md5Hex === plan.file.md5Hex)) {
        // Nothing can show such damage, and nothing is claimed of the bytes.
        if (this.#mayDamage && receipt && !receipt.isVerified) plan.mayBeDamaged = true;
        else this.complain('UNTRUE', `${fileName} is ${status}, and there is no such object`);
      }
      // The endpoint, or the store itself, may have compared what the page could not.
      if (receipt?.isVerified && receipt.proof !== 'compared' && receipt.eTag !== receipt.computedETag) {
        const parts = [...(this.#sent.get(fileName) ?? [])];
        if (parts.some(([number, part]) => !part.isProven && !this.#witness.hasListed(fileName, number)))
          this.complain('UNTRUE', `${fileName} is verified, and part of it was never proven`);
      }
      return;
    }
    const left = this.#leftOf(fileName, mediaId, view);
    if (left) this.complain('UNTRUE', `${fileName} is ${status}, cleanup done, and there is ${left}`);
  }

  /** What the attempt of this row has left at the store. */
  #leftOf(
    fileName: string,
    mediaId: string | undefined,
    { objects, uploads, media }: StoreView,
  ): string | undefined {
    const starts = this.#witness.starts.filter(
      (start) => start.fileName === fileName && start.mediaId === mediaId,
    );
    const [start] = starts;
    // Of several, the row does not say which is its own.
    if (!start || starts.length > 1) return undefined;
    // What arrives late for media that was given up is the cloud's to clear away.
    if (objects.some(({ key }) => start.state.includes(key) && isLive(key, this.#witness, media)))
      return 'an object';
    if (uploads.some(({ uploadId }) => start.state.includes(uploadId))) return 'an open multipart upload';
    return undefined;
  }

  #judgeFile(
    { file, wish, mayBeDamaged }: Plan,
    hadDeadTab: boolean,
    { objects, uploads, media }: StoreView,
  ): void {
    const { name, md5Hex } = file;
    const live = objects.filter(({ key }) => isLive(key, this.#witness, media));
    const own = live.filter((object) => object.md5Hex === md5Hex);
    const others = live.filter(
      (object) => object.md5Hex !== md5Hex && this.#witness.fileOf(object.key) === name,
    );
    for (const { md5Hex: other } of mayBeDamaged ? [] : others)
      this.complain('MIXED', `the object of ${name} has other bytes (${other})`);
    const isExcusedTwice = hadDeadTab && this.#mayLack && isExcused('finished-unseen', this.#gapsOn);
    if (own.length > 1 && !isExcusedTwice) this.complain('DOUBLED', `${name} is stored ${own.length} times`);
    if (wish === 'wanted' && own.length === 0 && !mayBeDamaged)
      this.complain('LOST', `${name} is not at the cloud`);
    if (
      wish === 'wanted' &&
      own.length > 0 &&
      !this.#mayForget &&
      !this.#witness.hasHostHeard('confirmed', name)
    )
      this.complain('LOST', `the host never heard that ${name} is confirmed`);
    // A card of which the browser's data were cleared discards nothing: its ticket is gone.
    const isOutOfReach = this.#uncleaned.has(name) || (this.#mayForget && hadDeadTab);
    if (wish === 'unwanted' && own.length > 0 && !isOutOfReach)
      this.complain('UNTRUE', `${name} was canceled, and is stored all the same`);
    const excused = isExcused('unheard-starts', this.#gapsOn)
      ? this.#witness.unheardCount(name, { isForgotten: hadDeadTab && this.#mayLack })
      : 0;
    const open = uploads.filter(({ uploadId, key }) =>
      [uploadId, key].some((handle) => this.#witness.fileOf(handle) === name || handle.includes(name)),
    );
    if (open.length > excused)
      this.complain('ORPHANS', `${name} has ${open.length} open multipart uploads, ${excused} excused`);
    const creating = media.filter(
      ({ status, mediaId, fields }) =>
        openMediaStatuses.has(status) &&
        !hasEndedFiles(fields) &&
        (this.#witness.fileOf(mediaId) === name || JSON.stringify(fields).includes(name)),
    );
    if (creating.length > excused)
      this.complain('ORPHANS', `${name} has ${creating.length} media in creation, ${excused} excused`);
  }
}

/** Rows that say something of the store. */
function isClaim({ status, cleanup, owner }: UploadSnapshot): boolean {
  if (status === 'processing' || status === 'ready') return true;
  return owner === 'this' && (status === 'canceled' || status === 'failed') && cleanup === 'done';
}

/** States of media whose upload was given up: what bytes they have is the cloud's to clear away. */
const deadStatuses: ReadonlySet<string> = new Set([
  'CANCELLED',
  'DELETED',
  'UPLOAD_FAILED',
  'FAILED',
  'CREATING',
]);

/** MetaStudio has no state for an asset whose only file was given up. */
function hasEndedFiles({ files }: Record<string, unknown>): boolean {
  const list = (files ?? []) as readonly { end: string | null }[];
  return list.length > 0 && list.every(({ end }) => end !== null);
}

/** Whether an object belongs to media that can be played. Where the media is the object, it does. */
function isLive(key: string, witness: Witness, media: StoreView['media']): boolean {
  const start = witness.starts.find(({ state }) => state.includes(key));
  if (!start) return true;
  const owner = media.find(({ mediaId, fields }) =>
    start.mediaId === undefined ? fields['object'] === key : mediaId === start.mediaId,
  );
  // Tencent names its media when the upload is committed.
  if (owner?.mediaId === '') return false;
  return owner !== undefined && !deadStatuses.has(owner.status);
}
