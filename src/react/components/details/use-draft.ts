import { useState } from 'react';
import type { AttachmentInput, UploadSnapshot, Uploader } from '../../../engine/index.js';
import { titleFromName } from '../../format/index.js';
import {
  canSet,
  detailFields,
  valueOf,
  type DetailField,
  type DetailsOffer,
} from '../../hooks/details-offer.js';

/** A subtitle file as it stands in the dialog. */
export interface SubtitleDraft {
  readonly key: string;
  readonly file: File;
  readonly language: string;
}

/** A cover as it stands in the dialog; `seconds` when it is a frame of the video. */
export interface CoverDraft {
  readonly file: File;
  readonly seconds?: number;
}

/** Everything the dialog would change, until "Save". */
export interface Draft {
  readonly options: Readonly<Record<string, unknown>>;
  readonly cover: CoverDraft | undefined;
  readonly subtitles: readonly SubtitleDraft[];
  /** Attachments to be taken back. */
  readonly removedIds: ReadonlySet<string>;
}

export interface UseDraftResult {
  readonly draft: Draft;
  readonly change: (patch: Partial<Draft>) => void;
  readonly setOption: (name: string, value: unknown) => void;
  /** False when something came too late. */
  readonly save: () => boolean;
}

export function useDraft(uploader: Uploader, upload: UploadSnapshot, offer: DetailsOffer): UseDraftResult {
  const [draft, setDraft] = useState<Draft>(() => ({
    options: initialOptions(upload, offer),
    cover: undefined,
    subtitles: [],
    removedIds: new Set(),
  }));
  const change = (patch: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...patch }));
  };
  return {
    draft,
    change,
    setOption: (name, value) => {
      setDraft((before) => {
        const { [name]: _removed, ...rest } = before.options;
        return { ...before, options: isEmpty(value) ? rest : { ...rest, [name]: value } };
      });
    },
    save: () => {
      saveFields(uploader, upload, offer, draft);
      const attach = (input: AttachmentInput) => uploader.attach(upload.id, input) !== undefined;
      for (const id of draft.removedIds) uploader.detach(upload.id, id);
      if (draft.cover)
        for (const { kind, attachmentId } of upload.attachments)
          if (kind === 'cover') uploader.detach(upload.id, attachmentId);
      const covered = !draft.cover || attach({ kind: 'cover', file: draft.cover.file });
      const titled = draft.subtitles.map(({ file, language }) =>
        attach({ kind: 'subtitle', file, language, title: nativeName(language) }),
      );
      return covered && titled.every(Boolean);
    },
  };
}

/** What was given already; the title starts as the file's name. */
function initialOptions(upload: UploadSnapshot, offer: DetailsOffer): Draft['options'] {
  const known = detailFields.map((field) => [field, valueOf(upload, field)] as const);
  const title = canSet(upload, offer, 'title')
    ? { title: titleFromName(upload.fileName, offer.updates.title) }
    : {};
  return {
    ...title,
    ...upload.options,
    ...Object.fromEntries(known.filter(([, value]) => value !== undefined)),
  };
}

/** What the start takes goes with it; the rest is for the service's update call. */
function saveFields(
  uploader: Uploader,
  upload: UploadSnapshot,
  offer: DetailsOffer,
  { options }: Draft,
): void {
  const isEarly = (field: DetailField) => upload.canSetOptions && offer.atStart.includes(field);
  if (upload.canSetOptions) {
    const early = Object.entries(options).filter(([name]) => {
      const field = detailFields.find((one) => one === name);
      return field === undefined || isEarly(field);
    });
    uploader.setOptions(upload.id, Object.fromEntries(early));
  }
  const changed = detailFields.filter(
    (field) =>
      !isEarly(field) &&
      canSet(upload, offer, field) &&
      JSON.stringify(options[field] ?? emptyOf(field)) !==
        JSON.stringify(valueOf(upload, field) ?? emptyOf(field)) &&
      // Every service wants a title.
      !(field === 'title' && isEmpty(options[field])),
  );
  if (changed.length > 0 || upload.details?.status === 'failed')
    uploader.setDetails(
      upload.id,
      Object.fromEntries(changed.map((field) => [field, options[field] ?? emptyOf(field)])),
    );
}

const emptyOf = (field: DetailField) => (field === 'tags' ? [] : '');
const isEmpty = (value: unknown) =>
  value === '' || value === undefined || (Array.isArray(value) && value.length === 0);

/** A language by its own name: English, 简体中文, العربية. */
export function nativeName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
