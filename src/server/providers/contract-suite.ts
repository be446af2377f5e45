import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { MediaUpdate } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import { mediaIdOf, type Provider } from '../provider.js';
import {
  attachmentsFor,
  createDriver,
  md5Base64,
  md5Hex,
  planOf,
  put,
  refusal,
} from '../test-support/contract-driver.js';
import { fakeContext } from '../test-support/fake-provider.js';
import { describeImports } from '../test-support/import-cases.js';
import type { LinkSource } from '../test-support/link-source.js';

/** A fault of the next request of a kind. The sandbox has more faults; every provider must handle these. */
export interface Fault {
  readonly status?: number;
  readonly loseReply?: boolean;
}

/** The vendor's call of each step, by the name that `faults.next` takes. */
export interface FaultActions {
  readonly start: string;
  /** A call that `list` makes and that may be repeated. */
  readonly list: string;
  readonly complete: string;
  /** Absent where the vendor has no such call. */
  readonly confirm?: string;
  readonly details: string;
  /** With which links are given to the cloud; absent without `capabilities.import`. */
  readonly import?: string;
  /** With which media that has ended gets another file; absent without `canReplace`. */
  readonly replace?: string;
}

/** The cloud under test: the sandbox, or the real cloud when environment variables configure it. */
export interface ProviderEnvironment {
  readonly provider: Provider;
  /** The same provider with keys that the cloud does not accept. */
  readonly providerWithWrongKeys?: Provider;
  /** The size of a file that is uploaded in one PUT; absent when the provider does not support that. */
  readonly singleSizeBytes?: number;
  /** The size of a file that is uploaded in parts. */
  readonly multipartSizeBytes: number;
  /** The size of a file whose start calls the cloud. Default 16 bytes: every start calls the cloud. */
  readonly askingSizeBytes?: number;
  /** MD5, in hex, of all objects in the store; absent when the test cannot read the store. */
  readonly storedMd5s?: () => Promise<string[]>;
  /** What the service has of media, under its own names; absent when the test cannot read it. */
  readonly mediaFields?: (mediaId: string) => Promise<unknown>;
  /** How many multipart uploads are open; absent when the test cannot read the store. */
  readonly openUploads?: () => Promise<number>;
  /** Scripts faults; absent for real clouds. */
  readonly faults?: {
    readonly actions: FaultActions;
    readonly next: (action: string, effect: Fault) => Promise<void>;
    readonly clear: () => Promise<void>;
  };
  /** Advances the clocks of the cloud and the provider; absent for real clouds. */
  readonly advance?: (ms: number) => void;
  /** The longest time until the media status is final. Default 5,000. */
  readonly processingTimeoutMs?: number;
  /** The service's failure codes for media whose upload was canceled or failed. */
  readonly canceledCode?: string;
  readonly failedCode?: string;
  /** The service has no call for a canceled or failed upload: the provider makes none, and details stay `uploading`. */
  readonly isNotToldOfEnds?: boolean;
  /** The service deletes the media of a canceled or failed upload. */
  readonly deletesEnds?: boolean;
  /** The store does not list parts: the browser sends all of them again, and the store names one wrong part at a time. */
  readonly isListless?: boolean;
  /** Only the service reads the parts before it completes the upload: `complete` cannot name the missing ones. */
  readonly onlyServiceReadsParts?: boolean;
  /** What a store for tests does not do: compare checksums, abort uploads, verify signatures. */
  readonly lacks?: readonly ('checksums' | 'aborts' | 'signatures')[];
  /** The server of the links that the cloud pulls, which begin to be pulled after `importWaitMs`; absent for real clouds. */
  readonly linkSource?: LinkSource;
  readonly close: () => Promise<void>;
}

/**
 * Declares the tests that every provider must pass. They call the provider as the browser and the handler do: they send
 * real bytes with the presigned requests and use no other knowledge of the vendor.
 */
export function describeProvider(name: string, open: () => Promise<ProviderEnvironment>): void {
  describe(`${name} meets the provider contract`, () => {
    let world: ProviderEnvironment;
    beforeAll(async () => {
      world = await open();
    });
    beforeEach(() => world.faults?.clear());
    afterAll(() => world.close());
    const drive = () => createDriver(world.provider);
    describeImports(() => world);

    it('uploads a small file in one PUT and stores identical bytes', async ({ skip }) => {
      const { singleSizeBytes } = world;
      if (singleSizeBytes === undefined) return skip('the provider uploads every file in parts');
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

    it('uploads a large file in parts and stores identical bytes', async () => {
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

    it('accepts file names that file systems do not allow', async () => {
      const { begin } = drive();
      const names = ['"quotes" & <tags> 🎬 \u202e../../evil.mp4', `${'名'.repeat(300)}.mp4`, '.mp4', ' .mp4'];
      for (const fileName of names) await begin(randomBytes(16), { fileName });
    });

    it('judges a name without a true extension by the type that the browser names', async () => {
      const { begin } = drive();
      for (const fileName of ['clip', 'Interview 2.5', 'cut.final', 'clip.mp4.part', 'a.constructor'])
        await begin(randomBytes(16), { fileName, contentType: 'Video/MP4; codecs="avc1"' });
      await begin(randomBytes(16), { fileName: 'clip.mp4\u200f', contentType: '' });
      for (const [fileName, contentType] of [
        ['clip', ''],
        ['cut.final', 'text/plain'],
        ['clip', 'constructor'],
        ['a.constructor', '__proto__'],
      ] as const)
        expect((await refusal(begin(randomBytes(16), { fileName, contentType }))).code).toBe('file-refused');
    });

    it('refuses a file that is not a video or audio file before it creates media', async () => {
      expect(
        (await refusal(drive().begin(randomBytes(16), { fileName: 'notes.txt', contentType: 'text/plain' })))
          .code,
      ).toBe('file-refused');
    });

    it('names the parts that are missing or different and does not complete', async ({ skip }) => {
      if (world.onlyServiceReadsParts) return skip('only the service itself compares the parts');
      const { begin, sendAll, finish } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      const sent = await sendAll(upload, (part) => part.partNumber !== 1);
      const other = sent.map((part) =>
        part.partNumber === 2 ? { ...part, md5Base64: md5Base64(Buffer.from('other bytes')) } : part,
      );
      // When ETags do not prove content, the store has compared each part with its Content-MD5.
      const differing = upload.session.transfer.eTag === 'opaque' || world.isListless ? [1] : [1, 2];
      expect(await finish(upload, other)).toEqual({ outcome: 'parts-differ', partNumbers: differing });
      await sendAll(upload, (part) => part.partNumber === 1);
      expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
    });

    it('signs the checksum, so that the store refuses bytes that do not match it', async ({ skip }) => {
      if (world.lacks?.includes('checksums')) return skip('the store checks no checksums');
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

    it('signs a part before it is hashed, and the store compares the checksum that is sent with it', async ({
      skip,
    }) => {
      const { signsBeforeHash } = world.provider.capabilities;
      if (!signsBeforeHash) return skip('the provider signs the checksum of every part');
      const { begin, signedFor, sendAll, finish } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      const [part] = planOf(upload);
      if (!part) throw new Error('no part');
      const [request] = await signedFor(upload, [{ ...part, md5Base64: undefined }]);
      if (!request) throw new Error('no request');
      expect(request).toMatchObject({ addsMd5: true });
      expect(Object.keys(request.headers).map((name) => name.toLowerCase())).not.toContain('content-md5');
      const headers = { ...request.headers, 'Content-MD5': part.md5Base64 };
      if (!world.lacks?.includes('checksums')) {
        const wrong = Buffer.from(part.bytes);
        wrong[0] = (wrong[0] ?? 0) ^ 1;
        expect((await put({ ...request, headers }, wrong)).ok).toBe(false);
      }
      expect((await put({ ...request, headers }, part.bytes)).ok).toBe(true);
      const sent = await sendAll(upload, ({ partNumber }) => partNumber !== part.partNumber);
      expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
    });

    it('treats a repeated finish as completed', async () => {
      const { begin, sendAll, finish } = drive();
      const upload = await begin(randomBytes(world.multipartSizeBytes));
      const sent = await sendAll(upload);
      await finish(upload, sent);
      expect(await finish(upload, sent, { isRepeat: true })).toMatchObject({ outcome: 'completed' });
    });

    it('refuses to finish an upload that was discarded', async ({ skip }) => {
      if (world.lacks?.includes('aborts')) return skip('the store aborts no uploads');
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
      'discards an upload that ended as %s and accepts a repeated discard',
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

    it('uploads covers and subtitles with the start and after it', async ({ skip }) => {
      const { cover, subtitles } = world.provider.capabilities;
      if (!cover && !subtitles) return skip('the provider takes no attachments');
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
      // A later attachment can replace the first one.
      if (world.storedMd5s)
        expect((await world.storedMd5s()).filter((md5) => sent.includes(md5)).length).toBeGreaterThanOrEqual(
          files.length,
        );
    });

    it.each(['canceled', 'failed'] as const)(
      'replaces an upload that ended as %s under the same media id',
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

    it('changes title, description and tags of confirmed media', async ({ skip }) => {
      const { provider, mediaFields } = world;
      const { updates } = provider.capabilities;
      if (!provider.update || !updates || !mediaFields)
        return skip('the service has no update call, or its fields cannot be read here');
      const { begin, sendAll, finish } = drive();
      const upload = await begin(randomBytes(world.singleSizeBytes ?? world.multipartSizeBytes));
      await finish(upload, await sendAll(upload));
      const change = (update: MediaUpdate) => provider.update?.(upload.session, update, fakeContext());
      await change({
        title: 'Sunrise over the ridge',
        description: 'First light',
        tags: ['drone', 'b-roll'],
      });
      const changed = JSON.stringify(await mediaFields(mediaIdOf(upload.session)));
      for (const text of ['Sunrise over the ridge', 'First light', 'drone', 'b-roll'])
        expect(changed).toContain(text);
      await change({ title: 'x'.repeat(2000), tags: [] });
      const later = JSON.stringify(await mediaFields(mediaIdOf(upload.session)));
      expect(later).not.toContain('drone');
      expect(later).toContain('First light');
      const { maxCount = 0 } = updates.tags ?? {};
      const tooMany = Array.from({ length: maxCount + 1 }, (_, index) => `tag ${index}`);
      expect(await refusal(Promise.resolve(change({ tags: tooMany })))).toMatchObject({
        code: 'invalid-request',
      });
    });

    it('leaves no media that waits for a file when the answer to a replacement is lost', async ({ skip }) => {
      const { faults, provider } = world;
      if (!faults?.actions.replace)
        return skip('the provider replaces no media, or the cloud takes no faults');
      const { begin, discard, sendAll, finish, detailsWhenFinal } = drive();
      const lost = await begin(randomBytes(16));
      await discard(lost, 'failed');
      await faults.next(faults.actions.replace, { loseReply: true });
      const upload = await begin(randomBytes(16), { replaces: lost.session });
      expect(await finish(upload, await sendAll(upload))).toMatchObject({ outcome: 'completed' });
      await detailsWhenFinal(upload, world);
      const [before] = await provider.details([lost.session], fakeContext());
      expect(before).toMatchObject({ status: expect.stringMatching(/^(ready|failed)$/) as string });
    });

    it('starts new media instead of replacing media that cannot be replaced', async () => {
      if (!world.provider.capabilities.canReplace) return;
      const { begin, sendAll, finish, detailsWhenFinal } = drive();
      const first = await begin(randomBytes(16));
      await finish(first, await sendAll(first));
      const second = await begin(randomBytes(16), { replaces: first.session });
      expect(second.session.mediaId).not.toBe(first.session.mediaId);
      expect(await detailsWhenFinal(first, world)).toMatchObject({ status: 'ready' });
    });

    it('returns details of many uploads in order, for known and unknown media', async () => {
      const { begin, sendAll, finish } = drive();
      const uploads = [await begin(randomBytes(16)), await begin(randomBytes(16))];
      // When the service assigns the media id at the confirmation, details need a confirmed upload.
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

    it('reports wrong keys as vendor-credentials', async ({ skip }) => {
      if (!world.providerWithWrongKeys || world.lacks?.includes('signatures'))
        return skip('the cloud checks no signatures, or no wrong keys are given');
      expect(
        (
          await refusal(
            createDriver(world.providerWithWrongKeys).begin(randomBytes(world.askingSizeBytes ?? 16)),
          )
        ).code,
      ).toBe('vendor-credentials');
    });

    it('signs again after the signatures have expired and continues the upload', async ({ skip }) => {
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
        const { transfer } = upload.session;
        advance(25 * 3_600_000);
        const sent = await sendAll(
          upload,
          (part) =>
            part.partNumber !== 1 || upload.session.transfer.kind !== 'multipart' || before.length === 0,
        );
        // A restarted transfer has none of the parts that were stored before.
        if (upload.session.transfer !== transfer && transfer.kind === 'multipart') await sendAll(upload);
        expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
      }
    });

    describe(`${name} with vendor failures`, () => {
      it.each([429, 503])('retries a repeatable call after a single HTTP %i', async (status) => {
        if (!world.faults) return;
        const { begin, details } = drive();
        const upload = await begin(randomBytes(world.multipartSizeBytes));
        await world.faults.next(world.faults.actions.list, { status });
        expect(await world.provider.list(upload.session, fakeContext())).toEqual(
          world.isListless ? undefined : [],
        );
        await world.faults.next(world.faults.actions.details, { status });
        expect(await details(upload)).toMatchObject({ status: 'uploading' });
      });

      it('reports an unavailable cloud as retryable', async () => {
        if (!world.faults) return;
        // The most attempts of any provider: some repeat the start.
        for (let attempt = 0; attempt < 3; attempt++)
          await world.faults.next(world.faults.actions.start, { status: 503 });
        expect((await refusal(drive().begin(randomBytes(world.askingSizeBytes ?? 16)))).code).toBe(
          'vendor-unavailable',
        );
      });

      it('completes and confirms when the replies are lost', async () => {
        if (!world.faults) return;
        const { begin, sendAll, finish, detailsWhenFinal } = drive();
        const upload = await begin(randomBytes(world.multipartSizeBytes));
        const sent = await sendAll(upload);
        await world.faults.next(world.faults.actions.complete, { loseReply: true });
        if (world.faults.actions.confirm)
          await world.faults.next(world.faults.actions.confirm, { loseReply: true });
        expect(await finish(upload, sent)).toMatchObject({ outcome: 'completed' });
        expect(await detailsWhenFinal(upload, world)).toMatchObject({ status: 'ready' });
      });
    });
  });
}
