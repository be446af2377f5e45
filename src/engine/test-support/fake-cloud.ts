import { createHash } from 'node:crypto';
import {
  type Capabilities,
  createProblem,
  type PartToSign,
  type ProblemCode,
  type Transfer,
} from '../../protocol/index.js';
import { UploadError } from '../errors.js';
import { abortReason } from '../retry/abort.js';
import { NoReplyError, type PutRequest, type StoreReply } from '../transport/transport.js';
import type { PartWorkers } from '../worker/client.js';

interface FakeUpload {
  ticket: string;
  mediaId: string;
  fileName: string;
  sizeBytes: number;
  transfer: Transfer;
  parts: Map<number, Uint8Array>;
  object?: Uint8Array;
  /** What the media service was told, in order. */
  told: string[];
  isOpen: boolean;
  /** By `update`. */
  details?: object;
  /** What the ticket of the finish call remembered. */
  finishedWith?: string[];
}

export type PutOutcome =
  | 'ok'
  | 'no-reply'
  | 'lost-reply'
  | 'corrupt'
  | { status: number; errorCode?: string; retryAfterMs?: number };

/** Of a lost reply the work is done all the same, `lost-html` says it with a page of some proxy. */
export type CallOutcome = Response | 'no-reply' | 'lost-reply' | 'lost-html' | undefined;

export interface FakeCloudOptions {
  /** Files above this go in parts. */
  singleMaxBytes?: number;
  partSizeBytes?: number;
  eTag?: 'md5' | 'opaque';
  hidesETag?: boolean;
  /** The store does not let the endpoint list parts. */
  isListless?: boolean;
  requiresChecksum?: boolean;
  expiresInMs?: number;
  /** A start with the same `clientId` answers the same session, as the real endpoint does where it can. */
  remembersStarts?: boolean;
  /** Each `attach` and `sign` answers a new ticket; like a real one, it remembers what its predecessor did and no more. */
  renewsTickets?: boolean;
  /** Signed requests carry `x-rule: own`, and `x-rule: fallback` to fall back to. */
  hasFallbackHeaders?: boolean;
  /** Origin of the second name of the store. */
  secondStore?: string;
  elapsed?: () => number;
}

/** Token endpoint, store and media service in memory: real bytes, scripted faults, a record of every request. */
export class FakeCloud {
  readonly uploads = new Map<string, FakeUpload>();
  /** Every part that was signed, as the page named it. */
  readonly signed: PartToSign[] = [];
  readonly calls: { operation: string; items: number }[] = [];
  readonly puts: {
    ticket: string;
    partNumber: number;
    url: string;
    rule: string | undefined;
    md5Base64: string | undefined;
  }[] = [];
  /** Asked before each PUT is carried out. */
  onPut: (put: {
    ticket: string;
    partNumber: number;
    attempt: number;
    rule: string | undefined;
  }) => PutOutcome | Promise<PutOutcome> = () => 'ok';
  /** Asked before each call: a response instead of the normal answer, or undefined to go on. */
  onCall: (operation: string) => CallOutcome | Promise<CallOutcome> = () => undefined;
  onAttachment: () => 'ok' | 'refused' | Promise<'ok' | 'refused'> = () => 'ok';
  refusesAttachment: (attachment: { language?: string }) => boolean = () => false;
  /** Attachments that arrived, by id. */
  readonly attachments = new Map<string, Uint8Array>();
  /** Who is signed in, as the endpoint names callers. */
  caller: string | undefined;
  describes = 0;
  /** What each start asked for. */
  readonly starts: { sizeBytes: number; options?: unknown; replaces?: string; parts?: PartToSign[] }[] = [];
  capabilities: Capabilities = {
    provider: 'fake',
    checksum: 'none',
    singlePutMaxBytes: 0,
    signing: 'ahead',
    canReplace: true,
    cover: { contentTypes: ['image/jpeg'], when: 'any' },
    subtitles: { formats: ['srt'], maxCount: 2, when: 'start' },
  };
  mediaStatus: 'processing' | 'ready' | 'failed' = 'ready';
  readonly options: FakeCloudOptions;
  #next = 1;
  readonly #started = new Map<string, FakeUpload>();
  #attempts = new Map<string, number>();

  constructor(options: FakeCloudOptions = {}) {
    this.options = options;
  }

  /** PUTs of a part, whatever came of them. */
  putsOf(partNumber: number): number {
    return this.puts.filter((put) => put.partNumber === partNumber).length;
  }

  only(): FakeUpload {
    const [upload, ...others] = this.uploads.values();
    if (!upload || others.length > 0) throw new Error(`${this.uploads.size} uploads instead of one`);
    return upload;
  }

  readonly fetch: typeof fetch = async (input, init) => {
    const operation = (input as string).split('/').at(-1) ?? '';
    const body = JSON.parse(init?.body as string) as {
      uploads?: unknown[];
      items?: unknown[];
      providers?: unknown[];
    };
    // Every upload comes with a `describe` call; the tests count the others.
    if (operation !== 'describe')
      this.calls.push({ operation, items: (body.uploads ?? body.items ?? []).length });
    const scripted = operation === 'describe' ? undefined : await this.onCall(operation);
    if (scripted === 'no-reply') throw new TypeError('Failed to fetch');
    if (scripted instanceof Response) return scripted;
    const results = (body.uploads ?? body.items ?? body.providers ?? []).map((item) =>
      this.#answer(operation, item as never),
    );
    if (scripted === 'lost-reply') throw new TypeError('Failed to fetch');
    if (scripted === 'lost-html')
      return new Response('<html>', { status: 200, headers: { 'content-type': 'text/html' } });
    return Response.json({ results });
  };

  readonly workers: PartWorkers = {
    hash: async (body, { signal, onProgress }) => {
      const bytes = await read(body);
      if (signal.aborted) throw abortReason(signal);
      onProgress?.(body.size);
      return md5(bytes).toString('base64');
    },
    put: (request, body, { signal, onProgress }) =>
      new Promise<StoreReply>((resolve, reject) => {
        const stop = () => reject(abortReason(signal));
        if (signal.aborted) return stop();
        signal.addEventListener('abort', stop, { once: true });
        this.#put(request, body, onProgress)
          .then(resolve, reject)
          .finally(() => signal.removeEventListener('abort', stop))
          .catch(() => {});
      }),
    close: () => {},
  };

  #answer(operation: string, item: never): unknown {
    switch (operation) {
      case 'describe':
        this.describes += 1;
        return { outcome: 'described', capabilities: this.capabilities, caller: this.caller };
      case 'attach':
        if ((item as { attachments: { language?: string }[] }).attachments.some(this.refusesAttachment))
          return refused('file-refused');
        return this.#withUpload(item, ({ ticket }) => ({
          outcome: 'attached',
          ...this.#renewed(
            item,
            (item as { attachments: { attachmentId: string }[] }).attachments.map(
              ({ attachmentId }) => attachmentId,
            ),
          ),
          requests: (item as { attachments: { attachmentId: string }[] }).attachments.map(
            ({ attachmentId }) => this.#signedAttachment(ticket, attachmentId),
          ),
        }));
      case 'update':
        return this.#withUpload(item, (upload) => {
          if (!upload.told.includes('uploaded')) return refused('media-state-conflict');
          upload.details = { ...upload.details, ...(item as { update: object }).update };
          return { outcome: 'updated' };
        });
      case 'start':
        return this.#start(item);
      case 'sign':
        return this.#withUpload(item, (upload) => ({
          outcome: 'signed',
          ...this.#renewed(item, ['signed']),
          requests: (item as { parts: PartToSign[] }).parts.map((part) => this.#signed(upload, part)),
        }));
      case 'list':
        return this.#withUpload(item, (upload) =>
          this.options.isListless
            ? { outcome: 'unlisted' }
            : upload.isOpen
              ? {
                  outcome: 'listed',
                  parts: [...upload.parts]
                    .sort(([a], [b]) => a - b)
                    .map(([partNumber, bytes]) => ({
                      partNumber,
                      sizeBytes: bytes.length,
                      eTag: this.#eTag(bytes),
                    })),
                }
              : refused('upload-not-found'),
        );
      case 'finish':
        return this.#withUpload(item, (upload) => this.#finish(upload, item));
      case 'details':
        return this.#withUpload(item, ({ mediaId }) => ({
          outcome: 'found',
          media: {
            mediaId,
            provider: 'fake',
            status: this.mediaStatus,
            ...(this.mediaStatus === 'failed' && { failure: { code: 'X.1', reason: 'cannot be decoded' } }),
          },
        }));
      default:
        throw new Error(`no such operation: ${operation}`);
    }
  }

  #start(item: {
    clientId: string;
    sizeBytes: number;
    fileName: string;
    md5Base64?: string;
    attachments?: { attachmentId: string }[];
    options?: unknown;
    replaces?: string;
    addedBy?: string;
    parts?: PartToSign[];
  }): unknown {
    const { clientId, sizeBytes, fileName, md5Base64, attachments = [], addedBy = this.caller } = item;
    const { parts = [] } = this.capabilities.signsAtStart ? item : {};
    this.starts.push(item);
    if (addedBy !== this.caller) return refused('ticket-foreign');
    if (this.options.requiresChecksum && !md5Base64) return { outcome: 'checksum-required' };
    const { singleMaxBytes = 0, partSizeBytes = 10, eTag = 'md5', secondStore } = this.options;
    const number = this.#next++;
    const transfer: Transfer =
      sizeBytes <= singleMaxBytes
        ? { kind: 'single', eTag }
        : {
            kind: 'multipart',
            eTag,
            minPartSizeBytes: 1,
            maxPartSizeBytes: 1e9,
            maxPartCount: 10_000,
            partSizeBytes,
            secondStore,
          };
    const known = this.options.remembersStarts && this.#started.get(clientId);
    const upload: FakeUpload = known || {
      ticket: `ticket-${number}`,
      mediaId: `media-${number}`,
      fileName,
      sizeBytes,
      transfer,
      parts: new Map(),
      told: [],
      isOpen: true,
    };
    this.uploads.set(upload.ticket, upload);
    this.#started.set(clientId, upload);
    return {
      outcome: 'started',
      caller: this.caller,
      session: {
        ticket: upload.ticket,
        mediaId: upload.mediaId,
        transfer,
        attachments: attachments.map(({ attachmentId }) =>
          this.#signedAttachment(upload.ticket, attachmentId),
        ),
        ...(parts.length > 0 && { signed: parts.map((part) => this.#signed(upload, part)) }),
      },
    };
  }

  #signed({ ticket }: FakeUpload, part: PartToSign) {
    const { partNumber, md5Base64 } = part;
    this.signed.push(part);
    const { expiresInMs = 3_600_000, elapsed = () => 0 } = this.options;
    const { secondStore } = this.options;
    const path = `${ticket}/${partNumber}?until=${elapsed() + expiresInMs}`;
    const isOpen = this.capabilities.signsBeforeHash && md5Base64 === undefined;
    return {
      ...(isOpen && { addsMd5: true }),
      partNumber,
      method: 'PUT',
      url: `https://store.test/${path}`,
      secondUrl: secondStore ? `${secondStore}/${path}` : undefined,
      headers: this.options.hasFallbackHeaders ? { 'x-rule': 'own' } : {},
      fallbackHeaders: this.options.hasFallbackHeaders ? { 'x-rule': 'fallback' } : undefined,
      expiresInMs,
    };
  }

  #signedAttachment(ticket: string, attachmentId: string) {
    return {
      attachmentId,
      method: 'PUT',
      url: `https://store.test/${ticket}/attachment?id=${attachmentId}`,
      headers: {},
      expiresInMs: 3_600_000,
    };
  }

  #finish(
    upload: FakeUpload,
    item: {
      ticket: string;
      status: string;
      parts?: { partNumber: number; md5Base64?: string }[];
      isRepeat?: boolean;
    },
  ): unknown {
    if (item.status !== 'uploaded') {
      // A late discard does not affect a completed object.
      if (upload.object) return refused('media-state-conflict');
      upload.parts.clear();
      upload.isOpen = false;
      upload.told.push(item.status);
      return { outcome: 'discarded' };
    }
    if (upload.object)
      return item.isRepeat ? { outcome: 'confirmed', object: {} } : refused('upload-not-found');
    upload.finishedWith = item.ticket.split(' ').slice(1);
    const differing = (item.parts ?? []).filter(({ partNumber, md5Base64 }) => {
      const bytes = upload.parts.get(partNumber);
      return !bytes || md5(bytes).toString('base64') !== md5Base64;
    });
    if (differing.length > 0)
      return { outcome: 'parts-differ', partNumbers: differing.map(({ partNumber }) => partNumber) };
    const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
    upload.object = Buffer.concat(parts);
    upload.isOpen = false;
    upload.told.push('uploaded');
    const eTag =
      upload.transfer.kind === 'single'
        ? this.#eTag(upload.object)
        : `${md5(Buffer.concat(parts.map(md5))).toString('hex')}-${parts.length}`;
    return {
      outcome: 'confirmed',
      object: { eTag: this.options.eTag === 'opaque' ? 'whatever' : eTag, sizeBytes: upload.object.length },
    };
  }

  async #put(
    { url, headers }: PutRequest,
    body: Blob,
    onProgress: (bytes: number) => void,
  ): Promise<StoreReply> {
    const { pathname, searchParams } = new URL(url);
    const attachmentId = searchParams.get('id');
    if (attachmentId) {
      const outcome = await this.onAttachment();
      if (outcome === 'ok') this.attachments.set(attachmentId, await read(body));
      return outcome === 'ok' ? { status: 200 } : { status: 400 };
    }
    const [ticket = '', number = ''] = pathname.slice(1).split('/');
    const partNumber = Number(number);
    const rule = headers['x-rule'];
    this.puts.push({ ticket, partNumber, url, rule, md5Base64: headers['Content-MD5'] });
    const attempt = (this.#attempts.get(`${ticket}/${number}`) ?? 0) + 1;
    this.#attempts.set(`${ticket}/${number}`, attempt);
    const bytes = await read(body);
    onProgress(Math.ceil(body.size / 2));
    const outcome = await this.onPut({ ticket, partNumber, attempt, rule });
    if (outcome === 'no-reply') throw new NoReplyError();
    if (typeof outcome === 'object') return outcome;
    if (Number(searchParams.get('until')) < (this.options.elapsed?.() ?? 0))
      return { status: 403, errorCode: 'AccessDenied' };
    const upload = this.uploads.get(ticket);
    if (!upload?.isOpen) return { status: 404, errorCode: 'NoSuchUpload' };
    const stored =
      outcome === 'corrupt' ? bytes.map((byte, index) => (index === 0 ? byte ^ 1 : byte)) : bytes;
    upload.parts.set(partNumber, stored);
    if (outcome === 'lost-reply') throw new NoReplyError();
    onProgress(body.size);
    return { status: 200, ...(!this.options.hidesETag && { eTag: this.#eTag(stored) }) };
  }

  #eTag(bytes: Uint8Array): string {
    return this.options.eTag === 'opaque' ? 'opaque' : md5(bytes).toString('hex');
  }

  #renewed({ ticket }: { ticket: string }, news: readonly string[]): { ticket?: string } {
    return this.options.renewsTickets ? { ticket: [ticket, ...news].join(' ') } : {};
  }

  #withUpload(item: { ticket: string }, answer: (upload: FakeUpload) => unknown): unknown {
    const upload = this.uploads.get(item.ticket.split(' ')[0] ?? '');
    return upload ? answer(upload) : refused('ticket-invalid');
  }
}

function refused(code: ProblemCode) {
  return { outcome: 'refused', problem: createProblem(code) };
}

function md5(bytes: Uint8Array): Buffer {
  return createHash('md5').update(bytes).digest();
}

async function read(body: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await body.arrayBuffer());
  } catch {
    throw new UploadError('file-unreadable', { detail: 'NotReadableError' });
  }
}
