import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type {
  Attachment,
  MediaDetails,
  PartToSign,
  SentPart,
  SignedAttachment,
  SignedRequest,
} from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import type { Completed, Provider, Session, StartUpload } from '../provider.js';
import { fakeContext } from './fake-provider.js';

interface Upload {
  readonly bytes: Buffer;
  /** Replaced when the transfer restarts. */
  session: Session<unknown>;
  /** Requests that `start` has signed already. */
  signed: readonly SignedRequest[];
  /** One request for each attachment of the start. */
  readonly attachments: readonly SignedAttachment[];
}

interface PlannedPart extends Required<PartToSign> {
  readonly bytes: Buffer;
}

/** Calls a provider in the order in which the browser and the handler call it. */
export function createDriver(provider: Provider) {
  async function begin(bytes: Buffer, fields: Partial<StartUpload> = {}): Promise<Upload> {
    const item: StartUpload = {
      clientId: 'c',
      fileName: 'clip.mp4',
      contentType: 'video/mp4',
      sizeBytes: bytes.length,
      md5Base64: md5Base64(bytes),
      ...fields,
    };
    const started = await provider.start(item, fakeContext());
    if (started === 'checksum-required') throw new Error('The checksum was given.');
    const { mediaId, transfer, state, signed = [], attachments = [] } = started;
    return {
      bytes,
      signed,
      attachments,
      session: {
        id: crypto.randomUUID(),
        fileName: item.fileName,
        sizeBytes: item.sizeBytes,
        mediaId,
        transfer,
        state,
      },
    };
  }

  async function signedFor(upload: Upload, parts: readonly PartToSign[]): Promise<readonly SignedRequest[]> {
    const signed = await provider.sign(
      upload.session,
      parts.map(({ partNumber, sizeBytes, md5Base64 }) => ({ partNumber, sizeBytes, md5Base64 })),
      fakeContext(),
    );
    if (signed.outcome === 'signed') {
      upload.session = { ...upload.session, state: signed.state ?? upload.session.state };
      return signed.requests;
    }
    const { mediaId = upload.session.mediaId, transfer, state } = await signed.restart(fakeContext());
    upload.session = { ...upload.session, mediaId, transfer, state };
    return signedFor(upload, planOf(upload));
  }

  async function sendAll(
    upload: Upload,
    wanted: (part: PlannedPart) => boolean = () => true,
  ): Promise<SentPart[]> {
    const parts = planOf(upload).filter(wanted);
    if (parts.length > 0) {
      const requests = await signedFor(upload, parts);
      for (const request of requests) {
        const part = planOf(upload).find(({ partNumber }) => partNumber === request.partNumber);
        const response = await put(request, part?.bytes ?? Buffer.alloc(0));
        if (!response.ok) throw new Error(`The store answered ${response.status} ${await response.text()}`);
      }
    }
    return planOf(upload).map(({ partNumber, sizeBytes, md5Base64 }) => ({
      partNumber,
      sizeBytes,
      md5Base64,
    }));
  }

  async function finish(
    upload: Upload,
    sent: readonly SentPart[],
    { isRepeat = false } = {},
  ): Promise<Completed> {
    const completed = await provider.complete(upload.session, sent, { isRepeat }, fakeContext());
    if (completed.outcome !== 'completed') return completed;
    const { mediaId, state } = (await provider.confirm(upload.session, 'uploaded', fakeContext())) ?? {};
    upload.session = {
      ...upload.session,
      mediaId: mediaId ?? upload.session.mediaId,
      state: state ?? upload.session.state,
    };
    return completed;
  }

  async function discard(upload: Upload, end: 'canceled' | 'failed'): Promise<void> {
    await provider.abort(upload.session, fakeContext());
    await provider.confirm(upload.session, end, fakeContext());
  }

  async function details(upload: Upload): Promise<MediaDetails | EndpointError | undefined> {
    return (await provider.details([upload.session], fakeContext()))[0];
  }

  async function detailsWhenFinal(
    upload: Upload,
    {
      advance,
      processingTimeoutMs = 5000,
    }: { readonly advance?: (ms: number) => void; readonly processingTimeoutMs?: number },
  ) {
    advance?.(processingTimeoutMs);
    await expect
      .poll(async () => (await details(upload)) as { status?: string }, { timeout: processingTimeoutMs })
      .toMatchObject({ status: expect.stringMatching(/ready|failed/) as string });
    return details(upload);
  }

  return { begin, signedFor, sendAll, finish, discard, details, detailsWhenFinal };
}

/** Plans parts of the smallest allowed size, so that small files have several; the last part is the remainder. */
export function planOf({ bytes, session }: Upload): PlannedPart[] {
  const { transfer } = session;
  const size =
    transfer.kind === 'single'
      ? bytes.length
      : (transfer.partSizeBytes ?? Math.max(transfer.minPartSizeBytes, Math.ceil(bytes.length / 3)));
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => {
    const part = bytes.subarray(i * size, (i + 1) * size);
    return { partNumber: i + 1, sizeBytes: part.length, md5Base64: md5Base64(part), bytes: part };
  });
}

/** Creates one attachment of each kind that the provider accepts, each with different bytes. */
export function attachmentsFor({
  capabilities: { cover, subtitles },
}: Provider): { attachment: Attachment; bytes: Buffer }[] {
  const one = (
    kind: Attachment['kind'],
    extension: string,
    contentType: string,
    more: Partial<Attachment> = {},
  ) => {
    const bytes = randomBytes(1000);
    return {
      bytes,
      attachment: {
        attachmentId: kind,
        kind,
        fileName: `${kind}.${extension}`,
        contentType,
        sizeBytes: bytes.length,
        md5Base64: md5Base64(bytes),
        ...more,
      },
    };
  };
  const type = cover?.contentTypes[0] ?? 'image/jpeg';
  const language = subtitles?.languages?.[0] ?? 'en';
  return [
    ...(cover ? [one('cover', type === 'image/jpeg' ? 'jpg' : (type.split('/')[1] ?? ''), type)] : []),
    ...(subtitles
      ? [one('subtitle', subtitles.formats[0] ?? 'vtt', 'text/plain', { language, title: 'Words' })]
      : []),
  ];
}

export async function put(
  { method, url, headers, fallbackHeaders }: Omit<SignedRequest, 'partNumber'>,
  bytes: Buffer,
): Promise<Response> {
  const send = (sent: Record<string, string>) =>
    fetch(url, { method, headers: sent, body: new Uint8Array(bytes) });
  const response = await send(headers);
  return response.status === 403 && fallbackHeaders ? send(fallbackHeaders) : response;
}

export async function refusal(promise: Promise<unknown>): Promise<EndpointError> {
  const error: unknown = await promise.then(
    () => 'it succeeded',
    (reason: unknown) => reason,
  );
  if (!(error instanceof EndpointError))
    throw new Error(`not an EndpointError: ${String(error)}`, { cause: error });
  return error;
}

export const md5Base64 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');
export const md5Hex = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
