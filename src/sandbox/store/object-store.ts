import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../clock.js';
import type { ByteStore } from './byte-store.js';
import { receive, type StoredBytes } from './receive.js';

/** What a request said about an object. Metadata and standard headers are returned on GET and HEAD as they are. */
export interface ObjectHeaders {
  contentType: string;
  headers: Readonly<Record<string, string>>;
}

/** Further digests that a client sent and the service verified, by header. */
type Checksums = Readonly<Record<string, string>>;

export interface StoredPart extends StoredBytes {
  partNumber: number;
  modifiedAt: number;
  checksums: Checksums;
}

export interface StoredObject extends StoredBytes, ObjectHeaders {
  bucket: string;
  key: string;
  /** With quotes: the MD5, or for multipart objects the digest of the parts' digests and their count. */
  etag: string;
  modifiedAt: number;
  checksums: Checksums;
  /** Empty for an object stored by a single PUT. */
  parts: { partNumber: number; sizeBytes: number; etag: string; checksums: Checksums }[];
  uploadId?: string;
}

export interface MultipartUpload extends ObjectHeaders {
  uploadId: string;
  bucket: string;
  key: string;
  initiatedAt: number;
  parts: Map<number, StoredPart>;
  /** True while the object is assembled; other operations must refuse. */
  isCompleting: boolean;
}

/**
 * Buckets, objects and open multipart uploads: metadata in memory, bytes in a `ByteStore`. Vendor-neutral: rules on sizes, order
 * and digests belong to the services.
 */
export class ObjectStore {
  readonly #bytes: ByteStore;
  readonly #now: Clock;
  readonly #buckets = new Map<string, { provider: string }>();
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, MultipartUpload>();

  constructor(bytes: ByteStore, now: Clock) {
    this.#bytes = bytes;
    this.#now = now;
  }

  createBucket(bucket: string, provider: string): void {
    this.#buckets.set(bucket, { provider });
  }

  providerOf(bucket: string): string | undefined {
    return this.#buckets.get(bucket)?.provider;
  }

  /** Stores the bytes without a name. The caller checks them and then puts or discards them. */
  receive(source: AsyncIterable<Buffer>): Promise<StoredBytes> {
    return receive(this.#bytes, source);
  }

  discard(bytes: StoredBytes): Promise<void> {
    return this.#bytes.delete(bytes.path);
  }

  async putObject(
    bucket: string,
    key: string,
    bytes: StoredBytes,
    described: ObjectHeaders & { checksums?: Checksums },
  ): Promise<StoredObject> {
    return await this.#place({
      ...bytes,
      bucket,
      key,
      checksums: {},
      ...described,
      etag: quote(bytes.md5Hex),
      modifiedAt: this.#now(),
      parts: [],
    });
  }

  findObject(bucket: string, key: string): StoredObject | undefined {
    return this.#objects.get(objectId(bucket, key));
  }

  objects(): StoredObject[] {
    return [...this.#objects.values()];
  }

  async deleteObject(bucket: string, key: string): Promise<void> {
    const object = this.findObject(bucket, key);
    if (!object) return;
    this.#objects.delete(objectId(bucket, key));
    await this.discard(object);
  }

  initiate(bucket: string, key: string, described: ObjectHeaders): MultipartUpload {
    const uploadId = randomBytes(16).toString('hex').toUpperCase();
    const upload: MultipartUpload = {
      uploadId,
      bucket,
      key,
      ...described,
      initiatedAt: this.#now(),
      parts: new Map(),
      isCompleting: false,
    };
    this.#uploads.set(uploadId, upload);
    return upload;
  }

  findUpload(bucket: string, key: string, uploadId: string): MultipartUpload | undefined {
    const upload = this.#uploads.get(uploadId);
    return upload?.bucket === bucket && upload.key === key ? upload : undefined;
  }

  uploads(): MultipartUpload[] {
    return [...this.#uploads.values()];
  }

  /** Replaces an earlier part of the same number. */
  async putPart(
    upload: MultipartUpload,
    partNumber: number,
    bytes: StoredBytes,
    checksums: Checksums = {},
  ): Promise<void> {
    const before = upload.parts.get(partNumber);
    upload.parts.set(partNumber, { ...bytes, partNumber, modifiedAt: this.#now(), checksums });
    if (before) await this.discard(before);
  }

  /**
   * Concatenates `parts`, in that order, into the object; deletes the upload with all its parts. `beforePlace` runs when
   * the bytes are ready and may throw: then the upload stays as it was.
   */
  async complete(
    upload: MultipartUpload,
    parts: readonly StoredPart[],
    beforePlace: (bytes: StoredBytes) => Checksums | Promise<Checksums> = () => ({}),
  ): Promise<StoredObject> {
    upload.isCompleting = true;
    try {
      const bytes = await this.receive(concatenate(parts));
      const checksums = await this.#orDiscard(bytes, beforePlace);
      const object = await this.#place({
        ...bytes,
        bucket: upload.bucket,
        key: upload.key,
        contentType: upload.contentType,
        headers: upload.headers,
        checksums,
        etag: quote(compositeDigest(parts)),
        modifiedAt: this.#now(),
        parts: parts.map((part) => ({
          partNumber: part.partNumber,
          sizeBytes: part.sizeBytes,
          etag: quote(part.md5Hex),
          checksums: part.checksums,
        })),
        uploadId: upload.uploadId,
      });
      await this.abort(upload);
      return object;
    } finally {
      upload.isCompleting = false;
    }
  }

  async abort(upload: MultipartUpload): Promise<void> {
    this.#uploads.delete(upload.uploadId);
    await Promise.all([...upload.parts.values()].map((part) => this.discard(part)));
    upload.parts.clear();
  }

  /** Deletes everything but the buckets. */
  async clear(): Promise<void> {
    const bytes = [
      ...this.#objects.values(),
      ...this.uploads().flatMap((upload) => [...upload.parts.values()]),
    ];
    this.#objects.clear();
    this.#uploads.clear();
    await Promise.all(bytes.map((one) => this.discard(one)));
  }

  async #orDiscard<T>(bytes: StoredBytes, work: (bytes: StoredBytes) => T | Promise<T>): Promise<T> {
    try {
      return await work(bytes);
    } catch (error) {
      await this.discard(bytes);
      throw error;
    }
  }

  async #place(object: StoredObject): Promise<StoredObject> {
    const before = this.findObject(object.bucket, object.key);
    this.#objects.set(objectId(object.bucket, object.key), object);
    if (before) await this.discard(before);
    return object;
  }
}

export function quote(digestHex: string): string {
  return `"${digestHex}"`;
}

/** MD5 over the parts' binary MD5s, then their count: the ETag of a multipart object in the S3 family. */
function compositeDigest(parts: readonly { md5Hex: string }[]): string {
  const digests = Buffer.concat(parts.map(({ md5Hex }) => Buffer.from(md5Hex, 'hex')));
  return `${createHash('md5').update(digests).digest('hex')}-${parts.length}`;
}

async function* concatenate(parts: readonly StoredPart[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* part.read(0, part.sizeBytes);
}

function objectId(bucket: string, key: string): string {
  return `${bucket}/${key}`;
}
