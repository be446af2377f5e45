import { useContext } from 'react';
import type { Capabilities, UploadSnapshot } from '../../engine/index.js';
import { DetailsContext, useWidget } from '../context.js';
import { canTrim } from '../trim/can-trim.js';
import { useSelected } from './use-uploads.js';

/** The parameters that the dialog has fields for. Vendors share these names; others are the host's form's. */
export const detailFields = ['title', 'description', 'tags'] as const;
export type DetailField = (typeof detailFields)[number];

/** What can be said about one upload beside its bytes. */
export interface DetailsOffer {
  readonly fields: readonly DetailField[];
  /** Those that the start takes. */
  readonly atStart: readonly DetailField[];
  /** Those that the service changes later, with their limits. */
  readonly updates: NonNullable<Capabilities['updates']>;
  readonly cover: Capabilities['cover'];
  readonly subtitles: Capabilities['subtitles'];
  readonly hasForm: boolean;
  /** Films can be trimmed before they are sent. */
  readonly trim: boolean;
}

/** What the provider declares for an upload, or for an import, and the host adds; undefined when that is nothing. */
export function useDetailsOffer(source: UploadSnapshot['source']): DetailsOffer | undefined {
  const { uploader, renderDetails, trim } = useWidget();
  const open = useContext(DetailsContext);
  const capabilities = useSelected(uploader, (snapshot) => snapshot.capabilities);
  const { options = [], updates = {} } = capabilities ?? {};
  const takes = (kind: 'cover' | 'subtitle') => !source || capabilities?.import?.attachments?.includes(kind);
  const cover = takes('cover') ? capabilities?.cover : undefined;
  const subtitles = takes('subtitle') ? capabilities?.subtitles : undefined;
  const atStart = detailFields.filter((field) => options.includes(field));
  const fields = detailFields.filter((field) => atStart.includes(field) || updates[field]);
  if (!open || (!(trim || (cover ?? subtitles ?? renderDetails)) && !fields.length)) return undefined;
  return { fields, atStart, updates, cover, subtitles, hasForm: renderDetails !== undefined, trim };
}

/** Whether what is typed into this field would still reach the cloud. */
export function canSet(upload: UploadSnapshot, offer: DetailsOffer, field: DetailField): boolean {
  if (upload.owner === 'other' || upload.status === 'canceled' || upload.status === 'failed') return false;
  return (upload.canSetOptions && offer.atStart.includes(field)) || offer.updates[field] !== undefined;
}

/** What the field has: given later, or with the start. */
export function valueOf({ details, options }: UploadSnapshot, field: DetailField): unknown {
  return details?.[field] ?? options[field];
}

/** Whether anything in the dialog would still reach the cloud, or is there to be looked at. */
export function isEditable(upload: UploadSnapshot, offer: DetailsOffer | undefined): boolean {
  if (!offer || upload.status === 'canceled' || upload.status === 'failed') return false;
  if (offer.trim && canTrim(upload)) return true;
  if (hasNothingElse(offer)) return false;
  if (upload.canSetOptions || offer.hasForm || upload.attachments.length > 0) return true;
  return (
    offer.fields.some((field) => canSet(upload, offer, field) || valueOf(upload, field) !== undefined) ||
    offer.cover?.when === 'any' ||
    offer.subtitles?.when === 'any'
  );
}

/** The provider takes nothing beside the film. */
const hasNothingElse = ({ cover, subtitles, hasForm, fields }: DetailsOffer): boolean =>
  !(cover ?? subtitles ?? hasForm) && fields.length === 0;
