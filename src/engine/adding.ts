import type { Capabilities } from '../protocol/index.js';
import { loadEarlier } from './chunks/earlier.js';
import { loadLinks } from './chunks/links.js';
import { loadNotes } from './chunks/notes.js';
import { loadProbe } from './chunks/probe.js';
import { loadUnread } from './chunks/unread.js';
import type { EngineContext } from './context.js';
import { describe } from './effects/describe.js';
import { openConnection } from './effects/near-store.js';
import type * as EarlierCode from './effects/resume-session.js';
import type { Adder, FileSource } from './file-info.js';
import type { AddedLinks } from './links/add-links.js';
import { isLink } from './links/is-link.js';
import { isLoaded, loadCode } from './load-code.js';
import { wantsNotes } from './notes/wants-notes.js';
import { expectationOf, hashFirstParts } from './parts/first-parts.js';
import { fingerprint } from './resume/fingerprint.js';
import { reopen } from './resume/reopen.js';
import type { JournalEntry } from './resume/store.js';
import type { UnfinishedUploads } from './resume/unfinished-uploads.js';
import { type AcceptedFile, intake, type IntakeGroup } from './restrictions/intake.js';
import { readAhead } from './restrictions/restrictions.js';
import { withServiceLimits } from './restrictions/service-limits.js';
import type { UploadRunner } from './runner.js';
import type { TabHost } from './tabs/tab-host.js';
import type {
  AddItem,
  AddOptions,
  ContinueOutcome,
  LinkItem,
  LinkTrial,
  Rejection,
  UploadSnapshot,
} from './types.js';
import type { UploadList } from './upload-list.js';

export interface AddingOptions {
  readonly context: EngineContext;
  readonly list: UploadList;
  readonly unfinished: UnfinishedUploads;
  readonly tabs: TabHost;
  readonly onChange: () => void;
  readonly signal: AbortSignal;
  /** Undefined until they are known. */
  readonly capabilities: () => Capabilities | undefined;
}

/** Calls of `add` that follow each other as fast as this are one person's. */
const sameAdderMs = 1000;
/** The first start of the files says who is signed in; where none is answered by then, the endpoint is asked. */
const adderUnknownMs = 2000;

type Source = FileSource & { readonly file: File };

/** An upload that is known here, by its content. */
interface Twin {
  readonly id: string;
  readonly fileName: string;
  readonly fingerprint: string | undefined;
  readonly isContinued: boolean;
  readonly status: UploadSnapshot['status'];
}

/**
 * What becomes of a file that is added or chosen: a new upload, the continuation of an earlier one, or a duplicate. Files
 * are told apart by their content, which is read only where another upload has the same size. A lazy chunk.
 */
export class Adding {
  readonly #options: AddingOptions;
  /** Uploads that are just being claimed, by their fingerprints. */
  readonly #claims = new Map<string, Promise<string | undefined>>();
  readonly #toLearn = new Set<Adder>();
  /** Of the last call of `add`. */
  #adder: { readonly who: Adder; readonly since: number } | undefined;
  /** Sizes of the files that are just being added. */
  readonly #sizes = new Map<number, number>();
  /** Notes are taken of one file after the other, beside what is sent. */
  #notes: Promise<void> = Promise.resolve();

  constructor(options: AddingOptions) {
    this.#options = options;
  }

  /** Reads and hashes the beginning of a single file while the journal is read: most files that are added are uploaded. */
  expect(items: readonly (AddItem | LinkItem)[]): void {
    const { context, unfinished, signal } = this.#options;
    const [item] = items;
    if (!item || items.length > 1 || isLink(item) || context.options.autoStart === false) return;
    const file = 'file' in item ? item.file : item;
    readAhead(file);
    const card = unfinished.entries.find(({ sizeBytes }) => sizeBytes === file.size);
    // A file of that size probably goes on where it was left.
    if (card) return this.#ahead(({ hashMissing }) => hashMissing(card, file, { context, signal }));
    context.hashedAhead.set(file, hashFirstParts(expectationOf(context), { file, ...context.ports, signal }));
  }

  /**
   * Does what a file that goes on where it was left is better off with. Where unfinished uploads were found, the code is
   * there long before a file; without it the upload goes on all the same, a little later.
   */
  #ahead(act: (code: typeof EarlierCode) => void): void {
    const { ports } = this.#options.context;
    if (isLoaded(loadEarlier)) loadCode(loadEarlier, ports).then(act, () => {});
  }

  /** Group by group: of ten thousand files, the first rows appear before the last files are checked. */
  async *add(given: readonly (AddItem | LinkItem)[], addOptions: AddOptions): AsyncGenerator<IntakeGroup> {
    const adder = this.#whoAdds();
    const items = given.filter((item): item is AddItem => !isLink(item));
    if (items.length < given.length)
      yield { ...(await this.addLinks(given.filter(isLink), addOptions, adder)), dropped: [] };
    const { context, list, capabilities } = this.#options;
    const { metadata, duplicates = 'allow' } = context.options;
    const restrictions = withServiceLimits(context.options.restrictions ?? {}, capabilities());
    const mode = addOptions.duplicates ?? duplicates;
    const sizes = items.map((item) => ('file' in item ? item.file : item).size);
    for (const size of sizes) this.#sizes.set(size, (this.#sizes.get(size) ?? 0) + 1);
    try {
      yield* intake(items, {
        restrictions,
        probe: context.ports.probe,
        loadProbe: () => loadCode(loadProbe, context.ports, this.#options.signal),
        metadata,
        loadUnread,
        identify: (file) => this.#identify(file, mode !== 'allow'),
        countOpen: () => this.#countOpen(),
        settle: (id, isAccepted) => list.settle(id, isAccepted),
        append: (accepted) => this.#place({ ...accepted, adder }, { ...addOptions, duplicates: mode }),
      });
    } finally {
      for (const size of sizes) {
        const left = (this.#sizes.get(size) ?? 1) - 1;
        if (left > 0) this.#sizes.set(size, left);
        else this.#sizes.delete(size);
      }
      if (this.#toLearn.delete(adder)) this.#learn(adder).catch(() => {});
    }
  }

  #whoAdds(): Adder {
    const { clock } = this.#options.context.ports;
    const now = clock.elapsed();
    if (this.#adder && now - this.#adder.since < sameAdderMs) return this.#adder.who;
    const who: Adder = {};
    this.#adder = { who, since: now };
    this.#toLearn.add(who);
    return who;
  }

  /** Files that wait must be known to be this person's before another one signs in. */
  async #learn(adder: Adder): Promise<void> {
    const { context, list, signal } = this.#options;
    await context.ports.clock.sleep(adderUnknownMs, signal);
    if (adder.tag !== undefined) return;
    const isNeeded = list.all.some((one) => one.adder === adder && isWaiting(one));
    if (isNeeded) await describe(context, signal, adder);
  }

  async addLinks(
    given: Iterable<LinkItem>,
    addOptions: AddOptions & LinkTrial,
    adder: Adder = {},
  ): Promise<AddedLinks> {
    const { context, list, capabilities, signal } = this.#options;
    const links = [...given];
    const code = await loadCode(loadLinks, context.ports, signal).catch(() => undefined);
    if (!code) {
      const file = new File([], '');
      return { added: [], rejections: links.map(() => ({ file, code: 'code-unavailable' })) };
    }
    return code.addLinks(links, {
      context,
      list,
      addOptions,
      adder,
      capabilities: capabilities(),
      countOpen: () => this.#countOpen(),
    });
  }

  /** Uploads that count against `maxFiles`. */
  #countOpen(): number {
    const { context, list } = this.#options;
    const isReadyCounted = context.options.restrictions?.countReady === true;
    return list.openCount + this.#claims.size + (isReadyCounted ? list.storedCount : 0);
  }

  async continue(id: string, item: AddItem | undefined): Promise<ContinueOutcome> {
    const { context, unfinished, onChange, signal } = this.#options;
    const entry = unfinished.get(id);
    const source: Source | undefined =
      item && !('file' in item) ? { file: item } : (item ?? (await reopen(entry?.handle)));
    if (!entry) return this.#isKnown(id) ? 'continued' : 'needs-file';
    if (!source) return 'needs-file';
    openConnection(context);
    const stored = unfinished.storedParts(id);
    this.#ahead(({ askAhead, hashMissing }) => {
      askAhead(entry, source.file, stored, context);
      hashMissing(entry, source.file, { context, signal });
    });
    const print = await fingerprint(source.file, context.ports.workers, signal).catch(() => undefined);
    if (print !== entry.fingerprint) {
      context.askedAhead.delete(source.file);
      unfinished.markWrongFile(id, source.file.name);
      onChange();
      return print === undefined ? 'needs-file' : 'wrong-file';
    }
    if (this.#claims.has(entry.fingerprint) || this.#isKnown(id)) return 'continued';
    const claimed = await this.#claim(
      entry,
      { file: source.file, handle: source.handle, path: entry.path },
      'chosen',
    );
    return claimed === undefined ? 'gone' : 'continued';
  }

  /** Sync, so that two calls at once cannot both take the last place, nor claim the same upload. */
  #place(
    source: AcceptedFile & { readonly adder: Adder },
    { options, duplicates }: AddOptions,
  ): string | Rejection | Promise<string> {
    const { list, unfinished } = this.#options;
    const { file, item, fingerprint: print } = source;
    const append = () => {
      const id = list.append(source, { options });
      this.#takeNotes(id, file);
      return id;
    };
    if (print === undefined) return append();
    const card = unfinished.find(print);
    const claim = card ? this.#claim(card, source, 'added') : this.#claims.get(print);
    if (claim) return claim.then((id) => id ?? append());
    const twins = this.#twinsOf(file.size).filter((one) => one.fingerprint === print);
    // The same file once more, by a click and a drop for example, is still that upload.
    const continued = twins.find(
      ({ isContinued, status }) => isContinued && status !== 'ready' && status !== 'processing',
    );
    if (continued) return continued.id;
    const [twin] = twins;
    if (!twin || duplicates === 'allow') return append();
    const { id, fileName } = twin;
    return {
      file,
      code: 'duplicate-file',
      duplicateOf: { id, fileName },
      item: duplicates === 'ask' ? item : undefined,
    };
  }

  #takeNotes(id: string, file: File): void {
    const { context, list, signal } = this.#options;
    if (!wantsNotes(context.options)) return;
    const take = async () => {
      const code = await loadCode(loadNotes, context.ports, signal);
      const runner = list.get(id);
      const identify = async (one: File) => this.#identify(one, true);
      const twins = () => this.#twinsOf(file.size, id);
      if (runner) await code.takeNotes({ runner, context, twins, identify });
    };
    this.#notes = this.#notes.then(take).catch(() => {});
  }

  /** Answers the id of the row; `undefined` when the upload has ended meanwhile. */
  #claim(entry: JournalEntry, source: Source, origin: 'added' | 'chosen'): Promise<string | undefined> {
    const { fingerprint: print } = entry;
    const claim = this.#goOn(entry.id, source, origin).finally(() => this.#claims.delete(print));
    this.#claims.set(print, claim);
    return claim;
  }

  async #goOn(id: string, source: Source, origin: 'added' | 'chosen'): Promise<string | undefined> {
    const { context, list, tabs, onChange } = this.#options;
    const claim = await context.resumption.claim(id);
    switch (claim.outcome) {
      case 'ours':
        list.append(source, { earlier: { ...claim, origin } });
        break;
      case 'whole':
        list.restore(claim.entry, claim.parts);
        break;
      case 'elsewhere':
        tabs.watch(id);
        break;
      case 'gone':
        return undefined;
      default:
        return claim satisfies never;
    }
    onChange();
    list.schedule();
    return id;
  }

  #isKnown(id: string): boolean {
    const { list, tabs } = this.#options;
    return list.get(id) !== undefined || tabs.shared.some(({ key }) => key === id);
  }

  /** The fingerprint of a file that may be known already. `undefined` also when it cannot be read now. */
  #identify(file: File, isAnyTwinWanted: boolean): Promise<string | undefined> | undefined {
    const { unfinished, list, tabs } = this.#options;
    const { size } = file;
    const isSame = ({ sizeBytes }: { sizeBytes: number }) => sizeBytes === size;
    const mayBeKnown =
      (isAnyTwinWanted && (list.ofSize(size).size > 0 || (this.#sizes.get(size) ?? 0) > 1)) ||
      list.hasContinued ||
      this.#claims.size > 0 ||
      unfinished.list.some(isSame) ||
      tabs.shared.some(isSame);
    return mayBeKnown ? this.#readPrint(file, isAnyTwinWanted) : undefined;
  }

  async #readPrint(file: File, isAnyTwinWanted: boolean): Promise<string | undefined> {
    const { context, list, signal } = this.#options;
    const identify = (one: File) => fingerprint(one, context.ports.workers, signal).catch(() => undefined);
    const unidentified = isAnyTwinWanted
      ? [...list.ofSize(file.size)].filter((one) => !one.attempt.fingerprint)
      : [];
    await Promise.all(
      unidentified.map(async (one) => (one.attempt.fingerprint ??= one.file && (await identify(one.file)))),
    );
    return identify(file);
  }

  /**
   * Uploads of that size, here and in other tabs, that have not failed and were not given up; with an id those of this
   * tab that were added before it.
   */
  #twinsOf(sizeBytes: number, beforeId?: string): Twin[] {
    const { list, tabs } = this.#options;
    const ofSize = [...list.ofSize(sizeBytes)];
    const end = ofSize.findIndex(({ info }) => info.id === beforeId);
    const here = (end < 0 ? ofSize : ofSize.slice(0, end)).map(
      ({ info: { id, fileName }, attempt, state: { status } }) => ({
        id,
        fileName,
        fingerprint: attempt.fingerprint,
        isContinued: attempt.isContinued,
        status,
      }),
    );
    const elsewhere = tabs.shared
      .filter((one) => one.sizeBytes === sizeBytes)
      .map(({ key, fileName, fingerprint: print, isResumed, status }) => ({
        id: key,
        fileName,
        fingerprint: print,
        isContinued: isResumed,
        status,
      }));
    return [...here, ...elsewhere].filter(({ status }) => status !== 'failed' && status !== 'canceled');
  }
}

function isWaiting({ state: { status }, attempt }: UploadRunner): boolean {
  return !attempt.session && (status === 'queued' || status === 'paused');
}
