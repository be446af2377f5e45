import { choosePartSize, type PartToSign, type SentPart, type Transfer } from '../protocol/index.js';
import { EndpointError } from './errors.js';
import type { Session } from './provider.js';

/**
 * The transfer with its part size fixed, if the store has not fixed it; the page may wish one. It is sealed in the ticket,
 * so that a ticket signs these parts and no others.
 */
export function withPlan(transfer: Transfer, sizeBytes: number, wishedBytes?: number): Transfer {
  if (transfer.kind === 'single' || transfer.partSizeBytes !== undefined) return transfer;
  return { ...transfer, partSizeBytes: choosePartSize(sizeBytes, transfer, { partSizeBytes: wishedBytes }) };
}

/** Those of the parts that are in the plan, with their exact sizes, each of them once. */
export function partsInPlan(parts: readonly PartToSign[], session: Planned): PartToSign[] {
  const planned = parts.filter((part) => isPlanned(part, session));
  return [...new Map(planned.map((part) => [part.partNumber, part])).values()];
}

type Planned = Pick<Session<unknown>, 'transfer' | 'sizeBytes'>;

/** Throws `invalid-request` unless each of the parts is one of the plan, with its exact size, and asked for once. */
export function checkPartsOfPlan(
  parts: readonly Pick<PartToSign, 'partNumber' | 'sizeBytes'>[],
  session: Planned,
): void {
  const other = parts.find((part) => !isPlanned(part, session));
  if (other)
    throw new EndpointError('invalid-request', {
      detail: `Part ${other.partNumber} of ${other.sizeBytes} bytes is not in the plan of this upload.`,
    });
  if (new Set(parts.map(({ partNumber }) => partNumber)).size < parts.length)
    throw new EndpointError('invalid-request', { detail: 'A part is named twice.' });
}

/** Throws `invalid-request` unless the parts are those of the plan, all of them. */
export function checkWholePlan(parts: readonly SentPart[], session: Planned): void {
  checkPartsOfPlan(parts, session);
  const count = Math.ceil(session.sizeBytes / plannedSize(session, 1));
  if (parts.length !== count)
    throw new EndpointError('invalid-request', {
      detail: `The file has ${count} parts; ${parts.length} are named.`,
    });
}

/** A part of no bytes is in no plan: it would be one beyond the end of the file. */
function isPlanned(
  { partNumber, sizeBytes }: Pick<PartToSign, 'partNumber' | 'sizeBytes'>,
  session: Planned,
): boolean {
  return sizeBytes > 0 && sizeBytes === plannedSize(session, partNumber);
}

/** 0 for a part that is not in the plan. */
function plannedSize({ transfer, sizeBytes }: Planned, partNumber: number): number {
  const plan = withPlan(transfer, sizeBytes);
  const partSizeBytes = plan.kind === 'multipart' ? (plan.partSizeBytes ?? sizeBytes) : sizeBytes;
  return Math.max(0, Math.min(partSizeBytes, sizeBytes - (partNumber - 1) * partSizeBytes));
}
