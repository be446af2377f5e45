import type { EngineContext } from '../context.js';
import type { MediaProbe } from '../restrictions/types.js';
import { notesOf } from './notes-of.js';
import { SentBefore } from './sent-before.js';
import type { UploadNote } from './types.js';

/** The upload that notes are taken for. */
interface Noted {
  readonly info: { readonly id: string; readonly sizeBytes: number };
  readonly file: File | undefined;
  readonly probe: MediaProbe | undefined;
  note(probe: MediaProbe | undefined, notes: readonly UploadNote[]): void;
}

/** What is asked about one file. */
export interface NoteQuestion {
  readonly runner: Noted;
  readonly context: EngineContext;
  /** Another upload of that content that was there before. Reads the file only where one has its size. */
  readonly findTwin: () => Promise<{ readonly id: string; readonly fileName: string } | undefined>;
  /** The fingerprint of the file. */
  readonly identify: () => Promise<string | undefined>;
}

/** Finds what is worth knowing of a file; the headers are read where they were not read for a limit. */
export async function takeNotes({ runner, context, findTwin, identify }: NoteQuestion): Promise<void> {
  const { file } = runner;
  if (!file) return;
  const probe = runner.probe ?? (await context.ports.probe(file).catch(() => undefined));
  const found = notesOf(probe);
  const same = await sameVideo({ runner, context, findTwin, identify });
  if (found.length > 0 || same || probe !== runner.probe) runner.note(probe, same ? [same, ...found] : found);
}

async function sameVideo({
  runner: { info },
  context,
  findTwin,
  identify,
}: NoteQuestion): Promise<UploadNote | undefined> {
  const twin = await findTwin();
  if (twin) return { code: 'same-video', duplicateOf: { id: twin.id, fileName: twin.fileName } };
  const sent = sentBefore(context);
  if (!sent.hasSize(info.sizeBytes)) return undefined;
  const print = await identify();
  const sentAt = print && sent.sentAt(print, info.id);
  return sentAt ? { code: 'same-video', sentAt } : undefined;
}

export function sentBefore({ options, ports }: Pick<EngineContext, 'options' | 'ports'>): SentBefore {
  return new SentBefore(options.scope ?? '', () => ports.clock.now());
}
