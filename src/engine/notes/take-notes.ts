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
  /** Uploads of that size that were there before, as far as they are known now. */
  readonly twins: () => readonly Twin[];
  /** The fingerprint of a file; those of its twins are known then. */
  readonly identify: (file: File) => Promise<string | undefined>;
}

interface Twin {
  readonly id: string;
  readonly fileName: string;
  readonly fingerprint: string | undefined;
}

/** Finds what is worth knowing of a file; the headers are read where they were not read for a limit. */
export async function takeNotes(question: NoteQuestion): Promise<void> {
  const { runner, context } = question;
  const { file } = runner;
  if (!file) return;
  const probe = runner.probe ?? (await context.ports.probe(file).catch(() => undefined));
  const found = notesOf(probe);
  const same = await sameVideo(file, question);
  if (found.length > 0 || same || probe !== runner.probe) runner.note(probe, same ? [same, ...found] : found);
}

async function sameVideo(file: File, question: NoteQuestion): Promise<UploadNote | undefined> {
  const {
    runner: { info },
    context,
    identify,
  } = question;
  const twin = await findTwin(question);
  if (twin) return { code: 'same-video', duplicateOf: { id: twin.id, fileName: twin.fileName } };
  const sent = sentBefore(context);
  if (!sent.hasSize(info.sizeBytes)) return undefined;
  const print = await identify(file);
  const sentAt = print && sent.sentAt(print, info.id);
  return sentAt ? { code: 'same-video', sentAt } : undefined;
}

/** Another upload of that content that was there before. Reads the file only where one has its size. */
async function findTwin({ runner: { file }, twins, identify }: NoteQuestion): Promise<Twin | undefined> {
  if (twins().length === 0) return undefined;
  const print = file && (await identify(file));
  return twins().find((one) => print !== undefined && one.fingerprint === print);
}

export function sentBefore({ options, ports }: Pick<EngineContext, 'options' | 'ports'>): SentBefore {
  return new SentBefore(options.scope ?? '', () => ports.clock.now());
}
