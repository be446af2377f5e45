import type { ChangeFeed } from '../change-feed.js';
import type { EngineContext } from '../context.js';
import type { UploadPlace } from '../place.js';
import { fingerprint } from '../resume/fingerprint.js';
import { isStoredWhole, type UnfinishedUploads } from '../resume/unfinished-uploads.js';
import type { Clock } from '../retry/clock.js';
import type { UploadRunner } from '../runner.js';
import type { UploadList } from '../upload-list.js';
import type { TabCommand } from './messages.js';
import type { TabsPort } from './port.js';
import type { Inheritance, OwnedUpload, TabSync, TabSyncHost } from './tab-sync.js';
import type { UploadLocks } from './upload-locks.js';

/** The same function each time, as `loadCode` has it. */
export type LoadTabs = () => Promise<{
  createSyncHost: (options: TabHostOptions) => TabSyncHost;
  TabSync: typeof TabSync;
}>;

export interface TabHostOptions {
  readonly port: TabsPort | undefined;
  readonly clock: Clock;
  readonly place: UploadPlace;
  readonly locks: UploadLocks;
  readonly list: UploadList;
  readonly unfinished: UnfinishedUploads;
  readonly context: EngineContext;
  readonly loadTabs: LoadTabs;
  /** Called for an upload of this tab. */
  readonly commands: Readonly<Record<TabCommand, (id: string) => void>>;
  /** The uploads of this tab, or those that other tabs show here, have changed. */
  readonly onChange: () => void;
  /** Shows what a command for all has changed without delay. */
  readonly feed: Pick<ChangeFeed, 'hurry'>;
  readonly signal: AbortSignal;
}

/** What `TabSync` may learn and ask of this tab. */
export function createSyncHost(options: TabHostOptions): TabSyncHost {
  const { list, unfinished, context, commands, onChange } = options;
  const toOwned = (runner: UploadRunner | undefined): OwnedUpload | undefined =>
    runner?.key === undefined
      ? undefined
      : { key: runner.key, fingerprint: runner.attempt.fingerprint, snapshot: list.snapshotOf(runner) };
  return {
    owned: () => list.all.flatMap((runner) => toOwned(runner) ?? []),
    ownedWith: (key) => toOwned(list.withKey(key)),
    command: (key, command) => {
      const runner = list.withKey(key);
      if (runner) commands[command](runner.info.id);
    },
    onMirrors: onChange,
    onClaimed: (key) => {
      if (unfinished.take(key)) onChange();
    },
    refreshUnfinished: async () => (unfinished.list.length > 0 ? await context.resumption.refresh() : []),
    inherit: (key, left) => inherit(key, left, options),
  };
}

/**
 * The tab that owned this upload is gone, and its lock is ours. Answers how to go on; `undefined` when the journal does
 * not have it, because it has ended.
 */
async function inherit(
  key: string,
  { file: handedOver, isCanceled }: Inheritance,
  { context, list, unfinished, locks, onChange, signal }: TabHostOptions,
): Promise<(() => void | Promise<boolean>) | undefined> {
  const { journal, resumption, ports } = context;
  const entry = await journal.get(key);
  if (entry === undefined || entry === 'gone' || entry.phase === 'ended') return undefined;
  if (entry.phase === 'discarding' || isCanceled) return () => resumption.discardOrphan(entry);
  const print = handedOver && (await fingerprint(handedOver, ports.workers, signal).catch(() => undefined));
  const file = print === entry.fingerprint ? handedOver : undefined;
  const parts = await journal.parts(key);
  await list.load();
  return () => {
    const { handle, path } = entry;
    if (isStoredWhole(entry, parts)) list.restore(entry, parts);
    else if (file) list.append({ file, handle, path }, { earlier: { entry, parts, origin: 'kept' } });
    else {
      unfinished.add(entry, parts);
      locks.disown(key);
    }
    onChange();
    list.schedule();
  };
}
