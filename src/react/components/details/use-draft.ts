import { useState } from 'react';
import type { AttachmentInput, UploadSnapshot, Uploader } from '../../../engine/index.js';

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

export function useDraft(uploader: Uploader, upload: UploadSnapshot): UseDraftResult {
  const [draft, setDraft] = useState<Draft>({
    options: upload.options,
    cover: undefined,
    subtitles: [],
    removedIds: new Set(),
  });
  const change = (patch: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...patch }));
  };
  return {
    draft,
    change,
    setOption: (name, value) => {
      setDraft((before) => {
        const { [name]: _removed, ...rest } = before.options;
        const isEmpty = value === '' || value === undefined || (Array.isArray(value) && value.length === 0);
        return { ...before, options: isEmpty ? rest : { ...rest, [name]: value } };
      });
    },
    save: () => {
      const attach = (input: AttachmentInput) => uploader.attach(upload.id, input) !== undefined;
      if (upload.canSetOptions && draft.options !== upload.options)
        uploader.setOptions(upload.id, draft.options);
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

/** A language by its own name: English, 简体中文, العربية. */
export function nativeName(tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}
