import type { EngineContext } from '../context.js';
import type { UploadPlace } from '../place.js';
import { fingerprint } from '../resume/fingerprint.js';
import type { Clock } from '../retry/clock.js';
import type { UploadList } from '../upload-list.js';
import type { TabCommand } from './messages.js';
import type { TabsPort } from './port.js';
import type { TabSyncHost } from './tab-sync.js';
import type { UploadLocks } from './upload-locks.js';

export interface TabHostOptions {
  readonly port: TabsPort | undefined;
  readonly clock: Clock;
  readonly place: UploadPlace;
  readonly locks: UploadLocks;
  readonly list: UploadList;
  readonly context: EngineContext;
  /** Called for an upload of this tab. */
  readonly commands: Readonly<Record<TabCommand, (id: string) => void>>;
  /** The uploads of this tab, or those that other tabs show here, have changed. */
  readonly onChange: () => void;
  readonly signal: AbortSignal;
}

/** What `TabSync` may learn and ask of this tab. */
export function createSyncHost(options: TabHostOptions): TabSyncHost {
  const { list, commands, onChange } = options;
  return {
    owned: () =>
      list.all.flatMap((runner) =>
        runner.key === undefined ? [] : [{ key: runner.key, snapshot: list.snapshotOf(runner) }],
      ),
    snapshotOf: (key) => {
      const runner = list.withKey(key);
      return runner && list.snapshotOf(runner);
    },
    command: (key, command) => {
      const runner = list.withKey(key);
      if (runner) commands[command](runner.info.id);
    },
    onMirrors: onChange,
    inherit: (key, file) => inherit(key, file, options),
  };
}

/**
 * The tab that owned this upload is gone, and its lock is ours. Answers how to go on; `undefined` when the journal does
 * not have it, because it has ended.
 */
async function inherit(
  key: string,
  handedOver: File | undefined,
  { context, list, locks, onChange, signal }: TabHostOptions,
): Promise<(() => void) | undefined> {
  const { journal, resumption, ports } = context;
  const entry = (await journal.load()).find(({ id }) => id === key);
  if (!entry) return undefined;
  if (entry.phase === 'discarding') return () => void resumption.discard(entry);
  const print = handedOver && (await fingerprint(handedOver, ports.workers, signal).catch(() => undefined));
  const file = print === entry.fingerprint ? handedOver : undefined;
  const parts = await journal.parts(key);
  await list.load();
  return () => {
    if (!resumption.offer(entry, parts)) list.restore(entry, parts);
    else if (file) list.append({ file, handle: entry.handle, path: entry.path });
    else locks.disown(key);
    onChange();
    list.schedule();
  };
}
