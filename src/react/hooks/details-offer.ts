import { createContext, useContext } from 'react';
import type { Capabilities, UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { useSelected } from './use-uploads.js';

/** The parameters that the dialog has fields for. Vendors share these names; others are the host's form's. */
export const detailFields = ['title', 'description', 'tags'] as const;
export type DetailField = (typeof detailFields)[number];

/** What can be said about one upload beside its bytes. */
export interface DetailsOffer {
  readonly fields: readonly DetailField[];
  readonly cover: Capabilities['cover'];
  readonly subtitles: Capabilities['subtitles'];
  readonly hasForm: boolean;
}

/** Opens the dialog of an upload; undefined outside of a widget that has one. */
export const DetailsContext = createContext<((id: string) => void) | undefined>(undefined);

/** What the provider declares and the host adds; undefined when that is nothing. */
export function useDetailsOffer(): DetailsOffer | undefined {
  const { uploader, renderDetails } = useWidget();
  const open = useContext(DetailsContext);
  const capabilities = useSelected(uploader, (snapshot) => snapshot.capabilities);
  const fields = detailFields.filter((field) => capabilities?.options?.includes(field));
  const { cover, subtitles } = capabilities ?? {};
  if (!open || (!(cover ?? subtitles ?? renderDetails) && !fields.length)) return undefined;
  return { fields, cover, subtitles, hasForm: renderDetails !== undefined };
}

/** Whether anything in the dialog would still reach the cloud, or is there to be looked at. */
export function isEditable(upload: UploadSnapshot, offer: DetailsOffer | undefined): boolean {
  if (!offer || upload.status === 'canceled' || upload.status === 'failed') return false;
  if (upload.canSetOptions || offer.hasForm || upload.attachments.length > 0) return true;
  return (
    offer.cover?.when === 'any' || offer.subtitles?.when === 'any' || Object.keys(upload.options).length > 0
  );
}
