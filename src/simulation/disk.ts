import type { JournalEntry, JournalPart, JournalStore } from '../engine/index.js';
import type { FaultPlan } from './faults.js';
import type { Scheduler } from './scheduler.js';
import type { Witness } from './witness.js';

/** What one browser keeps in IndexedDB for the site: the same for all its tabs. */
export class Disk {
  readonly entries = new Map<string, JournalEntry>();
  readonly parts = new Map<string, Map<number, JournalPart>>();
  readonly files = new Map<string, Blob>();
  /** How often it was cleared. */
  generation = 0;

  /** As the IndexedDB store does it: what the disk refused may be the entry alone. */
  sweep(): void {
    for (const id of this.files.keys()) if (!this.entries.has(id.split('#')[0] ?? '')) this.files.delete(id);
    for (const id of this.parts.keys()) if (!this.entries.has(id)) this.parts.delete(id);
  }

  /** What was open is not to be found any more. */
  clear(witness: Witness): void {
    for (const entry of this.entries.values()) witness.cleared(entry);
    this.generation += 1;
    this.entries.clear();
    this.parts.clear();
    this.files.clear();
  }
}

/** A tab's connection to the disk. Transactions are done one after another, and none after the tab is gone. */
export function openDisk(
  disk: Disk,
  tab: {
    readonly name: string;
    readonly isDead: () => boolean;
    /** It is not in the journal: the page has died, or the disk does not take it. */
    readonly onForgotten: (entry: JournalEntry) => void;
    readonly onRemembered: (entry: JournalEntry) => void;
  },
  scheduler: Scheduler,
  faultPlan: FaultPlan,
): JournalStore {
  let lastAt = 0;
  /** By this tab, with the generation of the disk. */
  const written = new Map<string, number>();
  /** Not written, though it was tried; with what the entry named: the start it asks for, then its media, if it has one. */
  const lost = new Map<string, string>();
  function transact<T>(name: string, work: () => T, onLost = () => {}): Promise<T> {
    const key = `disk ${tab.name} ${name}`;
    if (faultPlan.strikes('disk.silent', key)) {
      onLost();
      return new Promise(() => {});
    }
    const isRefused = faultPlan.strikes('disk.refuses', key);
    const isLate = faultPlan.strikes('disk.late', key);
    const delayMs = isLate ? scheduler.chance.between(`late ${key}`, 200, 5000) : 1;
    // Two of one moment would be ordered by their names.
    lastAt = Math.max(lastAt + 0.01, scheduler.elapsedMs + delayMs);
    return new Promise((resolve, reject) => {
      scheduler.after(lastAt - scheduler.elapsedMs, key, () => {
        if (tab.isDead()) return onLost();
        if (!isRefused) return settle(work, resolve, reject);
        onLost();
        reject(new DOMException('The disk is full.', 'QuotaExceededError'));
      });
    });
  }
  return {
    load: (...place) =>
      transact('load', () => {
        disk.sweep();
        return [...disk.entries.values()]
          .filter((entry) => isOfPlace(entry, place))
          .map((entry) => structuredCloneOf(entry));
      }),
    parts: (id) => transact('parts', () => [...(disk.parts.get(id)?.values() ?? [])]),
    put: (entry) => {
      const copy = structuredCloneOf(entry);
      return transact(
        `put ${entry.fileName} ${entry.phase}`,
        () => {
          if (lost.delete(entry.id)) tab.onRemembered(copy);
          written.set(entry.id, disk.generation);
          disk.entries.set(entry.id, copy);
        },
        () => {
          if (written.get(entry.id) === disk.generation || disk.entries.has(entry.id)) return;
          const named = entry.start ? 'a start' : `media ${entry.mediaId}`;
          if (lost.get(entry.id) === named) return;
          lost.set(entry.id, named);
          tab.onForgotten(copy);
        },
      );
    },
    putPart: (id, part) =>
      transact('part', () => {
        const parts = disk.parts.get(id) ?? new Map<number, JournalPart>();
        disk.parts.set(id, parts.set(part.partNumber, part));
        if (!disk.entries.has(id)) throw new DOMException('without its entry', 'NotFoundError');
      }),
    deletePart: (id, partNumber) =>
      transact('delete part', () => void disk.parts.get(id)?.delete(partNumber)),
    putFile: (id, bytes) => transact('file', () => void disk.files.set(id, bytes)),
    file: (id) => transact('read file', () => disk.files.get(id)),
    delete: (id) =>
      transact('delete', () => {
        for (const kept of [written, disk.entries, disk.parts, disk.files]) kept.delete(id);
      }),
  };
}

function settle<T>(work: () => T, resolve: (value: T) => void, reject: (error: Error) => void): void {
  try {
    resolve(work());
  } catch (error) {
    reject(error as Error);
  }
}

function isOfPlace(entry: JournalEntry, [endpoint, provider]: readonly string[]): boolean {
  return entry.endpoint === endpoint && entry.provider === provider;
}

/** Entries are flat, except for values that are never changed. */
function structuredCloneOf(entry: JournalEntry): JournalEntry {
  return { ...entry };
}
