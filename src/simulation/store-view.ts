import type { LocalSandbox, MediaEntry } from '../sandbox/index.js';

export interface ObjectEntry {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly md5Hex: string;
}

export interface OpenUpload {
  readonly bucket: string;
  readonly key: string;
  readonly uploadId: string;
}

/** What stands at the clouds at one moment. */
export interface StoreView {
  readonly objects: readonly ObjectEntry[];
  readonly uploads: readonly OpenUpload[];
  readonly media: readonly MediaEntry[];
}

export async function viewStore(clouds: LocalSandbox): Promise<StoreView> {
  return {
    objects: await control<ObjectEntry[]>(clouds, 'objects'),
    uploads: await control<OpenUpload[]>(clouds, 'uploads'),
    media: await control<MediaEntry[]>(clouds, 'media'),
  };
}

/** The store's own clearing up: every open multipart upload is gone. */
export async function forgetUploads(clouds: LocalSandbox): Promise<void> {
  await clouds.fetch(new Request(`${clouds.url}/__sandbox/uploads`, { method: 'DELETE' }));
}

async function control<T>(clouds: LocalSandbox, resource: string): Promise<T> {
  return (await (await clouds.fetch(new Request(`${clouds.url}/__sandbox/${resource}`))).json()) as T;
}
