import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type {
  Attachment,
  MediaDetails,
  PartToSign,
  SentPart,
  SignedAttachment,
  SignedRequest,
} from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import { mediaIdOf, type Completed, type Provider, type Session, type StartUpload } from '../provider.js';
import { fakeContext } from '../test-support/fake-provider.js';

/** What happens to the next request of a kind. The sandbox knows more; these are what every provider has to survive. */
export interface Weather {
  readonly status?: number;
  readonly loseReply?: boolean;
}

/** The vendor's call behind each step, by the name under which the environment scripts weather. */
export interface WeatherActions {
  readonly start: string;
  /** A call that `list` makes and that may be repeated. */
  readonly list: string;
  readonly complete: string;
  /** Absent where the vendor has no such call. */
  readonly confirm?: string;
  readonly details: string;
}

/** A cloud to try a provider against: the sandbox, or the real one when its settings are in the environment. */
export interface ProviderEnvironment {
  readonly provider: Provider;
  /** The same provider with keys that the cloud does not accept. */
  readonly providerWithWrongKeys?: Provider;
  /** A file of this size is uploaded in one piece; absent where the provider has no such way. */
  readonly singleSizeBytes?: number;
  /** A file of this size is uploaded in parts. */
  readonly multipartSizeBytes: number;
  /** A file of this size is not started without asking the cloud. Default 16 bytes: any is. */
  readonly askingSizeBytes?: number;
  /** MD5, in hex, of all objects in the store; absent where the test cannot look. */
  readonly storedMd5s?: () => Promise<string[]>;
  /** How many multipart uploads are open; absent where the test cannot look. */
  readonly openUploads?: () => Promise<number>;
  /** Scripts bad weather; absent for real clouds. */
  readonly weather?: {
    readonly actions: WeatherActions;
    readonly next: (action: string, effect: Weather) => Promise<void>;
    readonly clear: () => Promise<void>;
  };
  /** Moves the cloud's clock and the provider's; absent for real clouds. */
  readonly advance?: (ms: number) => void;
  /** How long media may take to become final. Default 5,000. */
  readonly processingTimeoutMs?: number;
  /** The service's codes for media whose upload was given up. */
  readonly canceledCode?: string;
  readonly failedCode?: string;
  /** The service has no call for a canceled upload: it is not told, and details stay `uploading`. */
  readonly isNotToldOfEnds?: boolean;
  /** The service forgets an upload that was given up. */
  readonly deletesEnds?: boolean;
  /** The store does not list its parts: all of them are sent again, and of wrong ones the store names one at a time. */
  readonly isListless?: boolean;
  /** Only the service itself reads the parts before it completes the upload: a completion cannot name the missing ones. */
  readonly isJoiningUnseen?: boolean;
  readonly close: () => Promise<void>;
}

/**
 * What every provider promises, driven as a browser and the handler would drive it: real bytes to the presigned
 * requests, and nothing else known of the vendor.
 */
export function describeProvider(name: string, open: () => Promise<ProviderEnvironment>): void {
  describe(`${name} keeps the contract of providers`, () => {
    let world: ProviderEnvironment;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.weather?.clear());
    afterAll(() => world.close());
    const drive = () => createDriver(world.provider);

    it('uploads a small file in one piece, to the last byte', async ({ skip }) => {
      const { singleSizeBytes } = world;
      if (singleSizeBytes === undefined) return skip();
      const { begin, sendAll, finish, detailsWhenFinal } = drive();
      const upload = await begin(randomBytes(singleSizeBytes));
      expect(upload.session.transfer.kind).toBe('single');
      const sent = await sendAll(upload);
      expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
      expect(await detailsWhenFinal(upload, world)).toMatchObject({
        mediaId: upload.session.mediaId,
        provider: world.provider.id,
        status: 'ready',
      });
      if (world.storedMd5s) expect(await world.storedMd5s()).toContain(md5Hex(upload.bytes));
    });

    it('uploads a large file in parts, to the last byte', async () => {
      const { begin, sendAll, finish, detailsWhenFinal } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      expect(upload.session.transfer.kind).toBe('multipart');
      const sent = await sendAll(upload);
      const stored = await world.provider.list(upload.session, fakeContext());
      const listed = world.isListless ? undefined : sent;
      expect(stored?.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes }))).toEqual(
        listed?.map(({ partNumber, sizeBytes }) => ({ partNumber, sizeBytes })),
      );
      expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
      expect(await detailsWhenFinal(upload, world)).toMatchObject({ status: 'ready' });
      if (world.storedMd5s) expect(await world.storedMd5s()).toContain(md5Hex(upload.bytes));
    });

    it('takes names that no file system would', async () => {
      const { begin } = drive();
      const names = ['"quotes" & <tags> 🎬 \u202e../../evil.mp4', `${'名'.repeat(300)}.mp4`, '.mp4', ' .mp4'];
      for (const fileName of names) await begin(randomBytes(16), { fileName });
    });

    it('refuses a file that is no medium, before anything is made of it', async () => {
      expect(
        (await refusal(drive().begin(randomBytes(16), { fileName: 'notes.txt', contentType: 'text/plain' })))
          .code,
      ).toBe('file-refused');
    });

    it('names the parts that are missing or different, and completes nothing', async ({ skip }) => {
      if (world.isJoiningUnseen) return skip();
      const { begin, sendAll, finish } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      const sent = await sendAll(upload, (part) => part.partNumber !== 1);
      const other = sent.map((part) =>
        part.partNumber === 2 ? { ...part, md5Base64: md5Base64(Buffer.from('other bytes')) } : part,
      );
      // Where ETags prove nothing, the store itself has compared each part with its Content-MD5.
      const differing = upload.session.transfer.eTag === 'opaque' || world.isListless ? [1] : [1, 2];
      expect(await finish(upload, other)).toEqual({ outcome: 'parts-differ', partNumbers: differing });
      await sendAll(upload, (part) => part.partNumber === 1);
      expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
    });

    it('lets the store refuse bytes that are not those of the checksum', async () => {
      const { begin, signedFor } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      const [part] = planOf(upload);
      if (!part) throw new Error('no part');
      const [request] = await signedFor(upload, [part]);
      if (!request?.headers['Content-MD5']) return;
      const wrong = Buffer.from(part.bytes);
      wrong[0] = (wrong[0] ?? 0) ^ 1;
      expect((await put(request, wrong)).ok).toBe(false);
      expect(await world.provider.list(upload.session, fakeContext())).toEqual(
        world.isListless ? undefined : [],
      );
    });

    it('counts a finish that is repeated as done', async () => {
      const { begin, sendAll, finish } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      const sent = await sendAll(upload);
      await finish(upload, sent);
      expect(await finish(upload, sent, { isRepeat: true })).toMatchObject({ outcome: 'completed' });
    });

    it('does not finish what was never there', async () => {
      const { begin, sendAll, finish, discard } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      const sent = await sendAll(upload);
      await discard(upload, 'canceled');
      expect(['upload-not-found', 'media-state-conflict']).toContain(
        (await refusal(finish(upload, sent))).code,
      );
      expect(['upload-not-found', 'media-state-conflict']).toContain(
        (await refusal(finish(upload, sent, { isRepeat: true }))).code,
      );
    });

    it.each(['canceled', 'failed'] as const)(
      'leaves nothing behind of what was %s, however often it is said',
      async (end) => {
        const { begin, sendAll, discard, details } = drive();
        const before = await world.openUploads?.();
        const upload = await begin(randomBytes(world.multipartSizeBytes));
        await sendAll(upload, (part) => part.partNumber === 1);
        await discard(upload, end);
        await discard(upload, end);
        expect(await world.openUploads?.()).toBe(before);
        const code = end === 'canceled' ? world.canceledCode : world.failedCode;
        const known = await details(upload);
        if (world.deletesEnds) expect(known).toMatchObject({ code: 'media-not-found' });
        else
          expect(known).toMatchObject(
            world.isNotToldOfEnds
              ? { status: 'uploading' }
              : { status: 'failed', ...(code && { failure: { code } }) },
          );
      },
    );

    it('takes covers and subtitles beside the video, with the start and later', async ({ skip }) => {
      const { cover, subtitles } = world.provider.capabilities;
      if (!cover && !subtitles) return skip();
      const files = attachmentsFor(world.provider);
      const upload = await drive().begin(randomBytes(world.singleSizeBytes ?? world.multipartSizeBytes), {
        attachments: files.map(({ attachment }) => attachment),
      });
      expect(upload.attachments.map(({ attachmentId }) => attachmentId)).toEqual(
        files.map(({ attachment }) => attachment.attachmentId),
      );
      for (const [i, request] of upload.attachments.entries())
        expect((await put(request, files[i]?.bytes ?? Buffer.alloc(0))).ok).toBe(true);
      const later = attachmentsFor(world.provider).filter(
        ({ attachment: { kind } }) => (kind === 'cover' ? cover : subtitles)?.when === 'any',
      );
      if (later.length > 0) {
        const attached = await world.provider.attach?.(
          upload.session,
          later.map(({ attachment }) => attachment),
          fakeContext(),
        );
        for (const [i, request] of (attached?.requests ?? []).entries())
          expect((await put(request, later[i]?.bytes ?? Buffer.alloc(0))).ok).toBe(true);
        upload.session = { ...upload.session, state: attached?.state ?? upload.session.state };
      }
      const { sendAll, finish, detailsWhenFinal } = drive();
      expect(await finish(upload, await sendAll(upload))).toMatchObject({ outcome: 'completed' });
      expect(await detailsWhenFinal(upload, world)).toMatchObject({ status: 'ready' });
      const sent = [...files, ...later].map(({ bytes }) => md5Hex(bytes));
      // What was sent later may have taken the place of what was sent first.
      if (world.storedMd5s)
        expect((await world.storedMd5s()).filter((md5) => sent.includes(md5)).length).toBeGreaterThanOrEqual(
          files.length,
        );
    });

    it.each(['canceled', 'failed'] as const)(
      'makes good an upload that was %s, under the same media id',
      async (end) => {
        if (!world.provider.capabilities.canReplace) return;
        for (const sizeBytes of [world.singleSizeBytes, world.multipartSizeBytes]) {
          if (sizeBytes === undefined) continue;
          const { begin, discard, sendAll, finish, detailsWhenFinal } = drive();
          const lost = await begin(randomBytes(16));
          await discard(lost, end);
          const upload = await begin(randomBytes(sizeBytes), { replaces: lost.session });
          expect(upload.session.mediaId).toBe(lost.session.mediaId);
          expect(await finish(upload, await sendAll(upload))).toMatchObject({ outcome: 'completed' });
          expect(await detailsWhenFinal(upload, world)).toMatchObject({
            mediaId: lost.session.mediaId,
            status: 'ready',
          });
          if (world.storedMd5s) expect(await world.storedMd5s()).toContain(md5Hex(upload.bytes));
        }
      },
    );

    it('does not touch media that cannot be replaced, and makes others instead', async () => {
      if (!world.provider.capabilities.canReplace) return;
      const { begin, sendAll, finish, detailsWhenFinal } = drive();
      const first = await begin(randomBytes(16));
      await finish(first, await sendAll(first));
      const second = await begin(randomBytes(16), { replaces: first.session });
      expect(second.session.mediaId).not.toBe(first.session.mediaId);
      expect(await detailsWhenFinal(first, world)).toMatchObject({ status: 'ready' });
    });

    it('answers details of many, in order, known and unknown', async () => {
      const { begin, sendAll, finish } = drive();
      const uploads = [await begin(randomBytes(16)), await begin(randomBytes(16))];
      // Where media are named only by the confirmation, there is nothing to ask about before it.
      const isNamedLate = uploads.some(({ session }) => session.mediaId === undefined);
      if (isNamedLate) for (const upload of uploads) await finish(upload, await sendAll(upload));
      const [first, second] = uploads.map(({ session }) => session);
      if (!first || !second) throw new Error('not started');
      const sessions = [
        ...Array.from({ length: 12 }, () => first),
        { ...first, mediaId: mediaIdOf(first).replace(/./g, '0') },
        second,
      ];
      const found = await world.provider.details(sessions, fakeContext());
      expect(found.map((one) => (one instanceof EndpointError ? one.code : one.mediaId))).toEqual([
        ...Array.from({ length: 12 }, () => first.mediaId),
        'media-not-found',
        second.mediaId,
      ]);
      if (!isNamedLate) expect(found[0]).toMatchObject({ status: 'uploading' });
    });

    it('says whose fault it is when the keys are wrong', async ({ skip }) => {
      if (!world.providerWithWrongKeys) return skip();
      expect(
        (
          await refusal(
            createDriver(world.providerWithWrongKeys).begin(randomBytes(world.askingSizeBytes ?? 16)),
          )
        ).code,
      ).toBe('vendor-credentials');
    });

    it('signs anew what has expired, and goes on', async ({ skip }) => {
      const { advance, singleSizeBytes } = world;
      if (!advance) return skip();
      for (const sizeBytes of [singleSizeBytes, world.multipartSizeBytes]) {
        if (sizeBytes === undefined) continue;
        const { begin, sendAll, finish } = drive();
        const upload = await begin(randomBytes(sizeBytes));
        const before = await sendAll(
          upload,
          (part) => part.partNumber === 1 && upload.session.transfer.kind === 'multipart',
        );
        advance(25 * 3_600_000);
        const sent = await sendAll(
          upload,
          (part) =>
            part.partNumber !== 1 || upload.session.transfer.kind !== 'multipart' || before.length === 0,
        );
        expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
      }
    });

    describe('in bad weather', () => {
      it.each([429, 503])('sits out a single %i of what may be repeated', async (status) => {
        if (!world.weather) return;
        const { begin, details } = drive();
        const upload = await begin(randomBytes(world.multipartSizeBytes));
        await world.weather.next(world.weather.actions.list, { status });
        expect(await world.provider.list(upload.session, fakeContext())).toEqual(
          world.isListless ? undefined : [],
        );
        await world.weather.next(world.weather.actions.details, { status });
        expect(await details(upload)).toMatchObject({ status: 'uploading' });
      });

      it('reports a cloud that is down as retryable', async () => {
        if (!world.weather) return;
        // As often as any provider tries: some may begin twice.
        for (let attempt = 0; attempt < 3; attempt++)
          await world.weather.next(world.weather.actions.start, { status: 503 });
        expect((await refusal(drive().begin(randomBytes(world.askingSizeBytes ?? 16)))).code).toBe(
          'vendor-unavailable',
        );
      });

      it('completes and confirms although the replies are lost', async () => {
        if (!world.weather) return;
        const { begin, sendAll, finish, detailsWhenFinal } = drive();
        const upload = await begin(randomBytes(world.multipartSizeBytes));
        const sent = await sendAll(upload);
        await world.weather.next(world.weather.actions.complete, { loseReply: true });
        if (world.weather.actions.confirm)
          await world.weather.next(world.weather.actions.confirm, { loseReply: true });
        expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
        expect(await detailsWhenFinal(upload, world)).toMatchObject({ status: 'ready' });
      });
    });
  });
}

interface Upload {
  readonly bytes: Buffer;
  /** Replaced when the transfer is begun anew. */
  session: Session<unknown>;
  /** Requests that came with the start. */
  signed: readonly SignedRequest[];
  /** One request for each attachment of the start. */
  readonly attachments: readonly SignedAttachment[];
}

interface PlannedPart extends Required<PartToSign> {
  readonly bytes: Buffer;
}

/** What the browser and the handler do with a provider. */
function createDriver(provider: Provider) {
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

  async function signedFor(upload: Upload, parts: readonly PlannedPart[]): Promise<readonly SignedRequest[]> {
    const signed = await provider.sign(
      upload.session,
      parts.map(({ partNumber, sizeBytes, md5Base64 }) => ({ partNumber, sizeBytes, md5Base64 })),
      fakeContext(),
    );
    if (signed.outcome === 'signed') {
      upload.session = { ...upload.session, state: signed.state ?? upload.session.state };
      return signed.requests;
    }
    const { transfer, state } = signed.started;
    upload.session = { ...upload.session, transfer, state };
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
    { advance, processingTimeoutMs = 5000 }: ProviderEnvironment,
  ) {
    advance?.(processingTimeoutMs);
    await expect
      .poll(async () => (await details(upload)) as { status?: string }, { timeout: processingTimeoutMs })
      .toMatchObject({ status: expect.stringMatching(/ready|failed/) as string });
    return details(upload);
  }

  return { begin, signedFor, sendAll, finish, discard, details, detailsWhenFinal };
}

/** Parts as small as allowed, so that small files have several; the last one takes what is left. */
function planOf({ bytes, session }: Upload): PlannedPart[] {
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

/** One of each kind that the provider takes, with bytes of its own. */
function attachmentsFor({
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

async function put(
  { method, url, headers, fallbackHeaders }: Omit<SignedRequest, 'partNumber'>,
  bytes: Buffer,
): Promise<Response> {
  const send = (sent: Record<string, string>) =>
    fetch(url, { method, headers: sent, body: new Uint8Array(bytes) });
  const response = await send(headers);
  return response.status === 403 && fallbackHeaders ? send(fallbackHeaders) : response;
}

async function refusal(promise: Promise<unknown>): Promise<EndpointError> {
  const error: unknown = await promise.then(
    () => 'it succeeded',
    (reason: unknown) => reason,
  );
  if (!(error instanceof EndpointError))
    throw new Error(`not an EndpointError: ${String(error)}`, { cause: error });
  return error;
}

const md5Base64 = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('base64');
const md5Hex = (bytes: Uint8Array) => createHash('md5').update(bytes).digest('hex');
