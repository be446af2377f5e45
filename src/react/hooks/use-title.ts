import { useEffect, useState } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { canSet, useDetailsOffer, valueOf } from './details-offer.js';

/** The title of a row, and its editor. */
export interface RowTitle {
  /** Undefined where none was given. */
  readonly title: string | undefined;
  readonly limit: { readonly maxLength: number; readonly unit: 'bytes' | 'characters' } | undefined;
  readonly isEditing: boolean;
  /** True for two seconds after it was saved. */
  readonly isSaved: boolean;
  /** Undefined where the title cannot be changed, or no more. */
  readonly edit: (() => void) | undefined;
  /** Undefined keeps the old title. */
  readonly end: (title: string | undefined) => void;
}

const savedMs = 2000;

export function useTitle(upload: UploadSnapshot): RowTitle {
  const { uploader, announcer, messages } = useWidget();
  const offer = useDetailsOffer(upload.source);
  const [isEditing, setIsEditing] = useState(false);
  const [savedAt, setSavedAt] = useState<number>();
  useEffect(() => {
    if (savedAt === undefined) return;
    const timer = setTimeout(() => {
      setSavedAt(undefined);
    }, savedMs);
    return () => {
      clearTimeout(timer);
    };
  }, [savedAt]);
  const { id } = upload;
  const value = valueOf(upload, 'title');
  const isPossible = offer !== undefined && canSet(upload, offer, 'title');
  return {
    title: typeof value === 'string' && value !== '' ? value : undefined,
    limit: offer?.updates.title,
    isEditing: isEditing && isPossible,
    isSaved: savedAt !== undefined,
    edit: isPossible
      ? () => {
          setIsEditing(true);
        }
      : undefined,
    end: (title) => {
      setIsEditing(false);
      if (title === undefined) return;
      if (upload.canSetOptions && offer?.atStart.includes('title'))
        uploader.setOptions(id, { ...upload.options, title });
      else uploader.setDetails(id, { title });
      setSavedAt(Date.now());
      announcer.say(messages.sayTitleSaved, 'prompt');
    },
  };
}
