import { protocolVersion } from '../place.js';
import type { SharedUpload } from './shared-upload.js';
import { type UploadStatus, uploadStatuses } from '../types.js';

/** What other tabs may ask the owner of an upload to do. */
export type TabCommand = 'pause' | 'resume' | 'cancel' | 'retry' | 'remove';

export type TabMessage =
  /** A tab has opened: who owns what? */
  | { readonly kind: 'hello' }
  | { readonly kind: 'state'; readonly uploads: readonly SharedUpload[] }
  /** The file of an upload, so that the tab that takes over need not ask the person for it. */
  | { readonly kind: 'file'; readonly key: string; readonly file: File }
  /** Asks for the state of uploads without a message for a while. `files` lists those whose file is missing, too. */
  | { readonly kind: 'ask'; readonly keys: readonly string[]; readonly files: readonly string[] }
  /** The owner took the row away. */
  | { readonly kind: 'gone'; readonly key: string }
  /** The owner does not go on after all: the upload is offered again. */
  | { readonly kind: 'put-back'; readonly key: string }
  | { readonly kind: 'command'; readonly id: string; readonly key: string; readonly command: TabCommand }
  /** The owner has the command. */
  | { readonly kind: 'done'; readonly id: string };

/** A message as it is posted. */
export function toWire(message: TabMessage): unknown {
  return { version: protocolVersion, ...message };
}

/** `undefined` for what is no message of this version: another build, or another script, may post here. */
export function readMessage(data: unknown): TabMessage | undefined {
  if (!isRecord(data) || data['version'] !== protocolVersion) return undefined;
  return isMessage(data) ? (data as unknown as TabMessage) : undefined;
}

function isMessage({ kind, id, key, keys, files, uploads, file, command }: Record<string, unknown>): boolean {
  const hasKey = typeof key === 'string';
  switch (kind) {
    case 'hello':
      return true;
    case 'state':
      return Array.isArray(uploads) && uploads.every(isShared);
    case 'file':
      return hasKey && file instanceof File;
    case 'ask':
      return isTexts(keys) && isTexts(files);
    case 'gone':
    case 'put-back':
      return hasKey;
    case 'command':
      return hasKey && typeof id === 'string' && commands.has(command as TabCommand);
    case 'done':
      return typeof id === 'string';
    default:
      return false;
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

const commands: ReadonlySet<TabCommand> = new Set(['pause', 'resume', 'cancel', 'retry', 'remove']);

function isShared(value: unknown): value is SharedUpload {
  return (
    isRecord(value) &&
    typeof value['key'] === 'string' &&
    typeof value['fileName'] === 'string' &&
    typeof value['sizeBytes'] === 'number' &&
    uploadStatuses.includes(value['status'] as UploadStatus)
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
