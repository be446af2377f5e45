import { describe, expect, it, vi } from 'vitest';
import { createProblem } from '../protocol/index.js';
import { UploadError } from './errors.js';
import { harness, settle, testFile } from './test-support/harness.js';

const problem = (code: Parameters<typeof createProblem>[0]) =>
  Response.json(createProblem(code), { status: createProblem(code).status });

describe('the upload of one file', () => {
  it('goes from queued to ready, part by part, and stores exactly the bytes of the file', async () => {
    const { uploader, cloud, until } = harness();
    const seen: string[] = [];
    uploader.subscribe(() => {
      const status = uploader.getSnapshot().uploads[0]?.status;
      if (status && seen.at(-1) !== status) seen.push(status);
    });
    const file = testFile(95);
    await uploader.add([file]);
    const ready = await until('ready');

    expect(seen).toEqual(['preparing', 'uploading', 'confirming', 'processing', 'ready']);
    expect(cloud.only().object).toEqual(Buffer.from(await file.arrayBuffer()));
    expect(cloud.only().told).toEqual(['uploaded']);
    expect(cloud.puts).toHaveLength(10);
    expect(ready).toMatchObject({
      mediaId: 'media-1',
      sentBytes: 95,
      receipt: { sizeBytes: 95, isVerified: true, partSizeBytes: 10 },
    });
    expect(ready.receipt?.partMd5Base64).toHaveLength(10);
    expect(ready.receipt?.eTag).toBe(ready.receipt?.computedETag);
  });

  it('sends a small file in one PUT', async () => {
    const { uploader, cloud, until } = harness({ cloud: { singleMaxBytes: 100 } });
    await uploader.add([testFile(100)]);
    const { receipt } = await until('ready');
    expect(cloud.puts).toHaveLength(1);
    expect(receipt?.computedETag).toMatch(/^[0-9a-f]{32}$/);
  });

  it('sends a file in one PUT again from its first byte on the next visit', async () => {
    const first = harness({ cloud: { singleMaxBytes: 100 } });
    first.cloud.onPut = () => new Promise<never>(() => {});
    await first.uploader.add([testFile(100)]);
    await first.clock.advance(1000);
    expect(first.cloud.puts).toHaveLength(1);
    const second = first.reload();
    second.cloud.onPut = () => 'ok';
    await second.uploader.add([testFile(100)]);
    await second.until('ready');
    expect(second.cloud.putsOf(1)).toBe(2);
  });

  it('hashes the whole file first where the provider asks for it', async () => {
    const { uploader, cloud, until } = harness({
      cloud: { requiresChecksum: true, partSizeBytes: 1024 * 1024 },
    });
    await uploader.add([testFile(21 * 1024 * 1024)]);
    await until('ready');
    expect(cloud.calls.filter(({ operation }) => operation === 'start')).toHaveLength(2);
  });

  it('sends no more parts at once than there are connections', async () => {
    let inFlight = 0;
    let most = 0;
    const { uploader, cloud, until } = harness({ concurrency: { connections: 3 } });
    cloud.onPut = async () => {
      most = Math.max(most, ++inFlight);
      await settle();
      inFlight -= 1;
      return 'ok' as const;
    };
    await uploader.add([testFile(200)]);
    await until('ready');
    expect(most).toBe(3);
  });

  it('starts many uploads in a few calls', async () => {
    const { uploader, cloud, clock } = harness({ cloud: { singleMaxBytes: 1000 } });
    await uploader.add(Array.from({ length: 36 }, (_, index) => testFile(50, { seed: index })));
    await clock.advance(5000);
    expect(uploader.getSnapshot().uploads.every(({ status }) => status === 'ready')).toBe(true);
    expect(cloud.calls.filter(({ operation }) => operation === 'start').length).toBeLessThanOrEqual(6);
  });
});

describe('commands of the person', () => {
  it('stops at once on pause, sends nothing more, and resumes without repeating a stored part', async () => {
    const { uploader, cloud, until, only } = harness({ concurrency: { connections: 1 } });
    cloud.onPut = async ({ partNumber, attempt }) => {
      if (partNumber === 4 && attempt === 1) {
        uploader.pause(only().id);
        await settle();
      }
      return 'ok' as const;
    };
    await uploader.add([testFile(95)]);
    await until('paused');
    await settle();
    const sent = cloud.puts.length;
    await settle();
    expect(cloud.puts).toHaveLength(sent);
    expect(cloud.calls.some(({ operation }) => operation === 'finish')).toBe(false);

    uploader.resume(only().id);
    await until('ready');
    expect([1, 2, 3].map((part) => cloud.putsOf(part))).toEqual([1, 1, 1]);
  });

  it('does not start a paused upload, and keeps a session whose start call was under way', async () => {
    const { uploader, cloud, until, only } = harness();
    cloud.onCall = async (operation) => {
      if (operation === 'start') {
        uploader.pause(only().id);
        await settle();
      }
      return undefined;
    };
    await uploader.add([testFile(30)]);
    await until('paused');
    await settle();
    expect(cloud.puts).toHaveLength(0);
    cloud.onCall = () => undefined;
    uploader.resume(only().id);
    await until('ready');
    expect(cloud.uploads.size).toBe(1);
  });

  it.each(['preparing', 'uploading'] as const)(
    'cancels an upload that is %s, tells the service, and leaves nothing at the store',
    async (status) => {
      const { uploader, cloud, until, only } = harness();
      const cancelIn = (reached: boolean) => {
        if (reached && only().status === status) uploader.cancel(only().id);
      };
      cloud.onCall = (operation) => {
        cancelIn(operation === 'start');
        return undefined;
      };
      cloud.onPut = ({ partNumber }) => {
        cancelIn(partNumber === 3);
        return 'ok';
      };
      await uploader.add([testFile(95)]);
      await until('canceled');
      await settle();
      const sent = cloud.puts.length;
      await settle();
      expect(only().cleanup).toBe('done');
      expect(cloud.only().parts.size).toBe(0);
      expect(cloud.only().told.at(-1)).toBe('canceled');
      expect(cloud.puts).toHaveLength(sent);
    },
  );

  it('forgets a row that is removed while the cloud processes it', async () => {
    const { uploader, cloud, until, only, store } = harness();
    cloud.mediaStatus = 'processing';
    await uploader.add([testFile(30)]);
    await until('processing');
    uploader.remove(only().id);
    await settle();
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('cancels a queued upload without a call to the endpoint', async () => {
    const { uploader, cloud, clock } = harness({ concurrency: { files: 1 } });
    cloud.onPut = () => new Promise(() => {});
    const big = 21 * 1024 * 1024;
    const { added } = await uploader.add([testFile(big), testFile(big, { seed: 2 })]);
    await clock.advance(1000);
    const [, second = ''] = added;
    uploader.cancel(second);
    await settle();
    expect(uploader.getSnapshot().uploads[1]).toMatchObject({ status: 'canceled', cleanup: 'none' });
    expect(cloud.uploads.size).toBe(1);
  });

  it('starts from nothing on retry after cancel', async () => {
    const { uploader, cloud, until, only } = harness();
    cloud.onPut = () => {
      uploader.cancel(only().id);
      return 'ok';
    };
    await uploader.add([testFile(30)]);
    await until('canceled');
    await settle();
    cloud.onPut = () => 'ok';
    uploader.retry(only().id);
    await until('ready');
    expect([...cloud.uploads.values()].map(({ told }) => told)).toEqual([['canceled'], ['uploaded']]);
  });

  it('tells the service that a failed upload was given up when its row is removed', async () => {
    const { uploader, cloud, until, only } = harness();
    cloud.onPut = ({ partNumber }) =>
      partNumber === 2 ? { status: 400, errorCode: 'InvalidArgument' } : 'ok';
    await uploader.add([testFile(30)]);
    await until('failed');
    expect(cloud.only().told).toEqual([]);
    uploader.remove(only().id);
    await settle();
    expect(cloud.only()).toMatchObject({ told: ['failed'], isOpen: false });
    expect(uploader.getSnapshot().uploads).toEqual([]);
  });
});

describe('faults of the store', () => {
  it('sends a part again after a 500, with a pause, and says why it waits', async () => {
    const { uploader, cloud, clock, until, only } = harness();
    cloud.onPut = ({ partNumber, attempt }) =>
      partNumber === 2 && attempt === 1 ? { status: 500, errorCode: 'InternalError' } : 'ok';
    await uploader.add([testFile(20)]);
    await settle();
    expect(only()).toMatchObject({ status: 'uploading', waiting: { for: 'cloud' } });
    expect(cloud.putsOf(2)).toBe(1);
    await clock.advance(1000);
    await until('ready');
    expect(cloud.putsOf(2)).toBe(2);
    expect(cloud.putsOf(1)).toBe(1);
  });

  it('waits as long as a busy store asks for', async () => {
    const { uploader, cloud, clock, until } = harness();
    cloud.onPut = ({ attempt }) =>
      attempt === 1 ? { status: 503, errorCode: 'SlowDown', retryAfterMs: 20_000 } : 'ok';
    await uploader.add([testFile(10)]);
    await clock.advance(19_000);
    expect(cloud.puts).toHaveLength(1);
    await until('ready');
  });

  it('gives up on a store that keeps failing when its patience is over, keeps what is stored, and goes on from there on retry', async () => {
    const { uploader, cloud, until, only } = harness({
      concurrency: { connections: 1 },
      retry: { patienceMs: 10_000 },
    });
    cloud.onPut = ({ partNumber }) => (partNumber === 3 ? { status: 503 } : 'ok');
    await uploader.add([testFile(30)]);
    const failed = await until('failed');
    expect(failed.error).toMatchObject({
      code: 'store-unavailable',
      attempts: expect.any(Number) as number,
      partNumber: 3,
      isResumable: true,
    });
    cloud.onPut = () => 'ok';
    uploader.retry(only().id);
    await until('ready');
    expect(cloud.putsOf(1)).toBe(1);
    expect(cloud.uploads.size).toBe(1);
  });

  it('signs again when a URL has expired, without the person noticing', async () => {
    const { uploader, cloud, until } = harness();
    cloud.onPut = ({ attempt }) => (attempt === 1 ? { status: 403, errorCode: 'AccessDenied' } : 'ok');
    await uploader.add([testFile(20)]);
    await until('ready');
    expect(cloud.puts).toHaveLength(4);
  });

  it('does not send with a URL that expired while the upload was paused', async () => {
    const { uploader, cloud, clock, until, only } = harness({
      concurrency: { connections: 1 },
      cloud: { expiresInMs: 60_000 },
    });
    cloud.onPut = ({ partNumber, attempt }) => {
      if (partNumber === 1 && attempt === 1) uploader.pause(only().id);
      return 'ok';
    };
    await uploader.add([testFile(50)]);
    await until('paused');
    await clock.advance(120_000);
    uploader.resume(only().id);
    await until('ready');
    expect(cloud.puts.every(({ url }) => Number(new URL(url).searchParams.get('until')) > 0)).toBe(true);
    expect(cloud.puts).toHaveLength(6);
  });

  it('tries the fallback headers once with the same signature, before it asks for a new one', async () => {
    const { uploader, cloud, until } = harness({ cloud: { hasFallbackHeaders: true } });
    cloud.onPut = ({ rule }) =>
      rule === 'fallback' ? 'ok' : { status: 403, errorCode: 'SignatureDoesNotMatch' };
    await uploader.add([testFile(10)]);
    await until('ready');
    expect(cloud.puts.map(({ rule }) => rule)).toEqual(['own', 'fallback']);
    expect(cloud.calls.filter(({ operation }) => operation === 'sign')).toHaveLength(1);
  });

  it('asks for a new signature after the fallback headers, and tries both kinds of headers with each', async () => {
    const { uploader, cloud, until } = harness({ cloud: { hasFallbackHeaders: true } });
    cloud.onPut = ({ attempt }) => (attempt < 4 ? { status: 403, errorCode: 'AccessDenied' } : 'ok');
    await uploader.add([testFile(10)]);
    await until('ready');
    expect(cloud.puts.map(({ rule }) => rule)).toEqual(['own', 'fallback', 'own', 'fallback']);
    expect(cloud.calls.filter(({ operation }) => operation === 'sign')).toHaveLength(2);
  });

  it('asks for a new signature at once after the first refusal of a part, and with a growing delay after that', async () => {
    const { uploader, cloud, clock, until } = harness();
    const at: number[] = [];
    cloud.onPut = () => {
      at.push(clock.elapsed());
      return { status: 403, errorCode: 'AccessDenied' };
    };
    await uploader.add([testFile(10)]);
    await until('failed');
    const [first = 0, second = 0, third = 0, fourth = 0] = at;
    expect(at).toHaveLength(4);
    expect(second - first).toBe(0);
    expect(third - second).toBeGreaterThanOrEqual(250);
    expect(fourth - third).toBeGreaterThan(third - second);
  });

  it('ends when a new signature is refused again and again', async () => {
    const { uploader, cloud, until } = harness();
    cloud.onPut = () => ({ status: 403, errorCode: 'SignatureDoesNotMatch' });
    await uploader.add([testFile(10)]);
    expect((await until('failed')).error).toMatchObject({
      code: 'store-refused',
      status: 403,
      vendor: { code: 'SignatureDoesNotMatch' },
    });
  });

  it('sends a part again that arrived damaged', async () => {
    const { uploader, cloud, until } = harness();
    cloud.onPut = ({ partNumber, attempt }) => (partNumber === 2 && attempt === 1 ? 'corrupt' : 'ok');
    const file = testFile(30);
    await uploader.add([file]);
    await until('ready');
    expect(cloud.putsOf(2)).toBe(2);
    expect(cloud.only().object).toEqual(Buffer.from(await file.arrayBuffer()));
  });

  it('finds a damaged part at the end where the store hides its ETags', async () => {
    const { uploader, cloud, until } = harness({ cloud: { hidesETag: true } });
    cloud.onPut = ({ partNumber, attempt }) => (partNumber === 2 && attempt === 1 ? 'corrupt' : 'ok');
    const file = testFile(30);
    await uploader.add([file]);
    await until('ready');
    expect([1, 2, 3].map((part) => cloud.putsOf(part))).toEqual([1, 2, 1]);
    expect(cloud.only().object).toEqual(Buffer.from(await file.arrayBuffer()));
  });

  it('gives up when every copy of a part arrives damaged, and never completes', async () => {
    const { uploader, cloud, until } = harness();
    cloud.onPut = ({ partNumber }) => (partNumber === 2 ? 'corrupt' : 'ok');
    await uploader.add([testFile(30)]);
    expect((await until('failed')).error).toMatchObject({ code: 'checksum-mismatch', partNumber: 2 });
    expect(cloud.only().object).toBeUndefined();
  });

  it('waits while offline without counting attempts, and goes on by itself', async () => {
    const { uploader, cloud, clock, network, until, only } = harness();
    let isCut = true;
    cloud.onPut = () => {
      if (!isCut) return 'ok';
      network.set(false);
      return 'no-reply';
    };
    await uploader.add([testFile(30)]);
    await clock.advance(30 * 60_000);
    expect(only()).toMatchObject({ status: 'uploading', waiting: { for: 'network' } });
    expect(cloud.puts.length).toBeLessThanOrEqual(3);
    isCut = false;
    network.set(true);
    await until('ready');
  });

  it('says that it waits for the network also after the parts in flight have been stored', async () => {
    const { uploader, cloud, clock, network, until, only } = harness({ concurrency: { connections: 2 } });
    cloud.onPut = async ({ partNumber }) => {
      if (partNumber === 2) network.set(false);
      await settle();
      return 'ok' as const;
    };
    await uploader.add([testFile(300)]);
    await clock.advance(5000);
    expect(only()).toMatchObject({ status: 'uploading', waiting: { for: 'network' } });
    network.set(true);
    await until('ready');
  });

  it('sends a part again whose reply was lost after it was stored', async () => {
    const { uploader, cloud, until } = harness();
    cloud.onPut = ({ partNumber, attempt }) => (partNumber === 1 && attempt === 1 ? 'lost-reply' : 'ok');
    await uploader.add([testFile(30)]);
    await until('ready');
    expect(cloud.putsOf(1)).toBe(2);
  });

  it('ends with a clear code when the store is not reached within its patience', async () => {
    const { uploader, cloud, until } = harness({ retry: { patienceMs: 60_000 } });
    cloud.onPut = () => 'no-reply';
    await uploader.add([testFile(10)]);
    expect((await until('failed')).error).toMatchObject({ code: 'store-unreachable', isResumable: true });
  });

  it('begins anew by itself when the store has lost the upload, without a failure in between', async () => {
    const { uploader, cloud, until } = harness({ concurrency: { connections: 1 } });
    const statuses = new Set<string>();
    uploader.subscribe(() => uploader.getSnapshot().uploads.forEach(({ status }) => statuses.add(status)));
    cloud.onPut = ({ ticket, partNumber }) => {
      const upload = cloud.uploads.get(ticket);
      if (ticket === 'ticket-1' && partNumber === 2 && upload) upload.isOpen = false;
      return 'ok';
    };
    await uploader.add([testFile(30)]);
    await until('ready');
    expect(statuses).not.toContain('failed');
    expect([...cloud.uploads.values()].map(({ told }) => told)).toEqual([['failed'], ['uploaded']]);
  });

  it('fails when the store keeps losing the upload, and starts from nothing on retry', async () => {
    const { uploader, cloud, until, only } = harness({ concurrency: { connections: 1 } });
    cloud.onPut = ({ partNumber }) => {
      if (partNumber === 2) for (const upload of cloud.uploads.values()) upload.isOpen = false;
      return 'ok';
    };
    await uploader.add([testFile(30)]);
    expect((await until('failed')).error).toMatchObject({ code: 'upload-not-found', isResumable: false });
    await settle();
    expect(cloud.uploads.size).toBe(4);
    cloud.onPut = () => 'ok';
    uploader.retry(only().id);
    await until('ready');
    expect(cloud.uploads.size).toBe(5);
  });

  it('never counts more bytes than the file has, and gives back those of a part that failed', async () => {
    const { uploader, cloud, until } = harness();
    let most = 0;
    uploader.subscribe(() => {
      most = Math.max(most, uploader.getSnapshot().uploads[0]?.sentBytes ?? 0);
    });
    cloud.onPut = ({ attempt }) => (attempt < 3 ? { status: 500 } : 'ok');
    await uploader.add([testFile(95)]);
    await until('ready');
    expect(most).toBe(95);
  });
});

describe('faults that the chaos test found', () => {
  it('asks about a video that began to process while another one was asked about', async () => {
    const { uploader, cloud, clock } = harness({ concurrency: { files: 3 } });
    let release = () => {};
    cloud.onCall = (operation) => {
      if (operation !== 'details') return undefined;
      cloud.onCall = () => undefined;
      return new Promise<undefined>((resolve) => {
        release = () => resolve(undefined);
      });
    };
    await uploader.add([testFile(30)]);
    await clock.advance(1500);
    await uploader.add([testFile(30, { seed: 2 })]);
    await clock.advance(200);
    expect(uploader.getSnapshot().uploads.map(({ status }) => status)).toEqual(['processing', 'processing']);
    release();
    await clock.advance(60_000);
    expect(uploader.getSnapshot().uploads.map(({ status }) => status)).toEqual(['ready', 'ready']);
  });

  it('sends the parts that differ again when the person retries', async () => {
    const { uploader, cloud, until, only } = harness({ cloud: { hidesETag: true } });
    cloud.onPut = ({ partNumber }) => (partNumber === 2 ? 'corrupt' : 'ok');
    await uploader.add([testFile(30)]);
    expect((await until('failed')).error).toMatchObject({ code: 'parts-differ', isResumable: true });
    cloud.onPut = () => 'ok';
    uploader.retry(only().id);
    await until('ready');
    expect([1, 2, 3].map((part) => cloud.putsOf(part))).toEqual([1, 4, 1]);
  });

  it('shows on pause the stored bytes without those in flight', async () => {
    const { uploader, cloud, until, only } = harness({ concurrency: { connections: 1 } });
    cloud.onPut = ({ partNumber }) => (partNumber === 3 ? new Promise<never>(() => {}) : 'ok');
    await uploader.add([testFile(95)]);
    await until('uploading');
    await settle();
    expect(only().sentBytes).toBe(25);
    uploader.pause(only().id);
    await settle();
    expect(only().sentBytes).toBe(20);
  });
});

describe('faults of the endpoint', () => {
  it('waits for the person to sign in again, asks once, and goes on', async () => {
    const onUnauthorized = vi.fn();
    const { uploader, cloud, until, only } = harness({ onUnauthorized });
    let isSignedIn = false;
    cloud.onCall = () => (isSignedIn ? undefined : problem('unauthorized'));
    await uploader.add([testFile(30)]);
    await settle();
    expect(only()).toMatchObject({ status: 'preparing', waiting: { for: 'sign-in' } });
    isSignedIn = true;
    uploader.notifySignedIn();
    await until('ready');
    expect(onUnauthorized).toHaveBeenCalledTimes(1);
  });

  it('ends with `unauthorized` where the host gave no way to sign in', async () => {
    const { uploader, cloud, until } = harness();
    cloud.onCall = () => problem('unauthorized');
    await uploader.add([testFile(30)]);
    expect((await until('failed')).error).toMatchObject({ code: 'unauthorized', isResumable: true });
  });

  it('tries again after a 500 and after silence', async () => {
    const { uploader, cloud, until } = harness();
    let call = 0;
    cloud.onCall = () =>
      [problem('internal'), 'no-reply' as const, new Response('<html>', { status: 502 })][call++];
    await uploader.add([testFile(30)]);
    await until('ready');
    expect(cloud.uploads.size).toBe(1);
  });

  it('fails after six calls when an HTML page has always answered in place of the endpoint', async () => {
    const { uploader, cloud, until } = harness();
    cloud.onCall = () =>
      new Response('<html>Please log in</html>', { status: 200, headers: { 'content-type': 'text/html' } });
    await uploader.add([testFile(30)]);
    expect((await until('failed')).error).toMatchObject({ code: 'endpoint-invalid-reply' });
    expect(cloud.calls).toHaveLength(6);
  });

  it('confirms once although the reply to the finish call was lost', async () => {
    const { uploader, cloud, until } = harness();
    let isLost = false;
    cloud.onCall = (operation) => {
      if (operation !== 'finish' || isLost) return undefined;
      isLost = true;
      return 'lost-reply';
    };
    await uploader.add([testFile(30)]);
    await until('ready');
    expect(cloud.only().told).toEqual(['uploaded']);
  });

  it("confirms once although a proxy's page replaced the reply to the finish call", async () => {
    const { uploader, cloud, until } = harness();
    let left = 2;
    cloud.onCall = (operation) => (operation === 'finish' && left-- > 0 ? 'lost-html' : undefined);
    await uploader.add([testFile(30)]);
    await until('ready');
    expect(cloud.only().told).toEqual(['uploaded']);
  });

  it('reports the reason that the media service gives for a failed video', async () => {
    const { uploader, cloud, until } = harness();
    cloud.mediaStatus = 'failed';
    await uploader.add([testFile(30)]);
    const { error, media } = await until('failed');
    expect(error).toMatchObject({
      code: 'media-failed',
      detail: 'cannot be decoded',
      vendor: { code: 'X.1' },
    });
    expect(media?.status).toBe('failed');
  });
});

describe('the file of an upload', () => {
  it.each([
    [{ maxDurationSeconds: 600 }, { code: 'duration-too-long', limit: 600, actual: 720 }],
    [{ minDurationSeconds: 900 }, { code: 'duration-too-short', limit: 900, actual: 720 }],
    [{ maxResolution: 1000 }, { code: 'resolution-too-high', limit: 1000, actual: 1080 }],
    [{ minResolution: 1100 }, { code: 'resolution-too-low', limit: 1100, actual: 1080 }],
    [{ videoCodecs: ['avc'] }, { code: 'codec-not-accepted', message: 'hevc', accepted: ['avc'] }],
    [{ validate: () => 'Not on Sundays' }, { code: 'custom', message: 'Not on Sundays' }],
  ])('rejects a file by its headers: %j', async (restrictions, rejection) => {
    const probe = () =>
      Promise.resolve({ durationSeconds: 720, width: 1080, height: 1920, videoCodec: 'hevc' });
    const { uploader, cloud } = harness({ restrictions: { accept: [], ...restrictions }, ports: { probe } });
    expect((await uploader.add([testFile(30)])).rejections).toMatchObject([rejection]);
    expect(cloud.calls).toEqual([]);
  });

  it('accepts a file whose headers cannot be read', async () => {
    const { uploader } = harness({
      restrictions: { accept: [], maxDurationSeconds: 1, minResolution: 5000, videoCodecs: [] },
    });
    expect((await uploader.add([testFile(30)])).rejections).toEqual([]);
  });

  it('never mixes two contents: a file that cannot be read after a change stops the upload', async () => {
    const { uploader, cloud, clock, until, only } = harness({ concurrency: { connections: 1 } });
    const file = testFile(95);
    let isChanged = false;
    const slice = file.slice.bind(file);
    file.slice = (...range) => {
      const blob = slice(...range);
      if (isChanged) blob.arrayBuffer = () => Promise.reject(new DOMException('changed', 'NotReadableError'));
      return blob;
    };
    cloud.onPut = () => {
      isChanged = true;
      return 'ok';
    };
    await uploader.add([file]);
    await until('uploading');
    await clock.advance(3_600_000);
    expect(only()).toMatchObject({ status: 'uploading', waiting: { for: 'file' } });
    expect(cloud.only()).toMatchObject({ told: [], isOpen: true });
  });

  it('discards the session when the file turns out unreadable during the start call, and starts no other before it reads', async () => {
    const { uploader, cloud, clock, only, until } = harness();
    const file = testFile(21 * 1024 * 1024);
    const { hash } = cloud.workers;
    // Its edges can be read, the rest cannot.
    cloud.workers.hash = (body, options) =>
      body.size > 2 ? Promise.reject(new UploadError('file-unreadable')) : hash(body, options);
    await uploader.add([file]);
    await clock.advance(10 * 60_000);
    expect(only()).toMatchObject({ status: 'preparing', waiting: { for: 'file' } });
    expect([...cloud.uploads.values()].map(({ told }) => told)).toEqual([['failed']]);
    cloud.workers.hash = hash;
    await until('uploading');
    expect(cloud.uploads.size).toBe(2);
  });

  it.each(['pause', 'cancel'] as const)(
    'does not fail an upload on %s while its file is fingerprinted',
    async (what) => {
      const { uploader, cloud, until, only, clock } = harness({ cloud: { partSizeBytes: 1024 * 1024 } });
      const { hash } = cloud.workers;
      let open = () => {};
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      const file = testFile(21 * 1024 * 1024);
      // The fingerprint, of samples: it takes longer than the answer of the endpoint.
      cloud.workers.hash = async (body, options) => {
        if (body.size < 300_000) {
          await Promise.race([
            gate,
            new Promise((_resolve, reject) => {
              options.signal.addEventListener('abort', () => {
                reject(new DOMException('aborted', 'AbortError'));
              });
            }),
          ]);
        }
        return hash(body, options);
      };
      await uploader.add([file]);
      await settle();
      uploader[what](only().id);
      open();
      await clock.advance(5000);
      if (what === 'pause') uploader.resume(only().id);
      await until(what === 'pause' ? 'ready' : 'canceled');
      await clock.advance(5000);
      expect([...cloud.uploads.values()].map(({ told }) => told)).toEqual([
        [what === 'pause' ? 'uploaded' : 'canceled'],
      ]);
    },
  );

  it('rejects an empty file, one that is too large, and one too many, each with its code', async () => {
    const { uploader, cloud } = harness({ restrictions: { accept: [], maxSizeBytes: 100, maxFiles: 1 } });
    const { added, rejections } = await uploader.add([
      testFile(0),
      testFile(101),
      testFile(50),
      testFile(60),
    ]);
    expect(added).toHaveLength(1);
    expect(rejections.map(({ code, limit }) => [code, limit])).toEqual([
      ['file-empty', undefined],
      ['file-too-large', 100],
      ['too-many-files', 1],
    ]);
    expect(uploader.getSnapshot()).toMatchObject({ checkedFileCount: 4 });
    await settle();
    expect(cloud.uploads.size).toBe(1);
  });

  it.each([
    [false, []],
    [true, ['too-many-files']],
  ])('counts ready uploads against maxFiles only with countReady: %s', async (countReady, codes) => {
    const { uploader, until } = harness({ restrictions: { accept: [], maxFiles: 1, countReady } });
    await uploader.add([testFile(50)]);
    await until('ready');
    const { rejections } = await uploader.add([testFile(60)]);
    expect(rejections.map(({ code }) => code)).toEqual(codes);
  });
});

describe('the engine after a reload', () => {
  function handleOf(file: File | DOMException, permission: PermissionState = 'granted') {
    return {
      kind: 'file' as const,
      name: 'clip.mp4',
      queryPermission: () => Promise.resolve('prompt' as const),
      requestPermission: vi.fn(() => Promise.resolve(permission)),
      getFile: () => (file instanceof File ? Promise.resolve(file) : Promise.reject(file)),
    } as unknown as FileSystemFileHandle & { requestPermission: () => Promise<PermissionState> };
  }

  async function interrupted(
    parts: number,
    options: Parameters<typeof harness>[0] = {},
    handle?: FileSystemFileHandle,
  ) {
    const first = harness({ concurrency: { connections: 1 }, ...options });
    first.cloud.onPut = ({ partNumber }) => (partNumber > parts ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([{ file: testFile(95), handle }]);
    await first.clock.advance(1000);
    first.cloud.onPut = () => 'ok';
    const sentBefore = first.cloud.puts.length;
    return { ...first.reload(), sentBefore };
  }

  /** A page that has stored four parts and hears nothing more of the world; `next` is the page after it. */
  async function leftBehind() {
    const first = harness({ concurrency: { connections: 1 } });
    first.cloud.onPut = ({ partNumber }) => (partNumber > 4 ? new Promise<never>(() => {}) : 'ok');
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(1000);
    first.network.set(false);
    const { cloud, store, clock } = first;
    return {
      first,
      next: (options: Parameters<typeof harness>[0] = {}) =>
        harness({ concurrency: { connections: 1 }, ...options }, { cloud, store, clock }),
    };
  }

  it('offers the unfinished upload, and goes on with the same file without sending a stored part again', async () => {
    const { uploader, cloud, until } = await interrupted(4);
    await settle();
    expect(uploader.getSnapshot().unfinished).toMatchObject([
      { fileName: 'clip.mp4', sizeBytes: 95, storedBytes: 40 },
    ]);
    const file = testFile(95);
    await uploader.add([file]);
    const ready = await until('ready');
    expect(ready.isResumed).toBe(true);
    expect([1, 2, 3, 4].map((part) => cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
    expect(cloud.only().object).toEqual(Buffer.from(await file.arrayBuffer()));
    expect(uploader.getSnapshot().unfinished).toEqual([]);
  });

  it('goes on by itself with a small file whose bytes were kept', async () => {
    const { uploader, cloud, until, store } = await interrupted(4, { keepFilesMaxSizeBytes: 1000 });
    await until('ready');
    expect([1, 2, 3, 4].map((part) => cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
    expect(cloud.only().object).toEqual(Buffer.from(await testFile(95).arrayBuffer()));
    expect(uploader.getSnapshot().unfinished).toEqual([]);
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('keeps the bytes of a small file also when it came with a handle, which the browser opens only after a question', async () => {
    const { cloud, until } = await interrupted(
      4,
      { keepFilesMaxSizeBytes: 1000 },
      handleOf(testFile(95), 'denied'),
    );
    await until('ready');
    expect([1, 2, 3, 4].map((part) => cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
  });

  it('goes on without a dialog where the browser gave a handle, once permission is there', async () => {
    const handle = handleOf(testFile(95));
    const { uploader, cloud, until } = await interrupted(4, {}, handle);
    await settle();
    const [unfinished] = uploader.getSnapshot().unfinished;
    expect(unfinished?.canContinue).toBe(true);
    expect(await uploader.continueUnfinished(unfinished?.id ?? '')).toBe('continued');
    expect(handle.requestPermission).toHaveBeenCalledTimes(1);
    await until('ready');
    expect(cloud.uploads.size).toBe(1);
  });

  it.each([
    ['permission is refused', handleOf(testFile(95), 'denied'), 'needs-file'],
    ['the file is gone', handleOf(new DOMException('gone', 'NotFoundError')), 'needs-file'],
    ['the file is another by now', handleOf(testFile(95, { seed: 3 })), 'wrong-file'],
  ] as const)('keeps the unfinished upload when %s', async (_what, handle, answer) => {
    const { uploader, cloud } = await interrupted(4, {}, handle);
    await settle();
    expect(await uploader.continueUnfinished(uploader.getSnapshot().unfinished[0]?.id ?? '')).toBe(answer);
    expect(uploader.getSnapshot()).toMatchObject({
      uploads: [],
      unfinished: [{ wrongFileName: answer === 'wrong-file' ? 'clip.mp4' : undefined }],
    });
    expect(cloud.only().isOpen).toBe(true);
  });

  it('names the file that was given for an unfinished upload and differs from it', async () => {
    const { uploader, until } = await interrupted(4);
    await settle();
    const id = uploader.getSnapshot().unfinished[0]?.id ?? '';
    expect(await uploader.continueUnfinished(id)).toBe('needs-file');
    expect(await uploader.continueUnfinished(id, testFile(95, { seed: 2, name: 'other.mp4' }))).toBe(
      'wrong-file',
    );
    expect(uploader.getSnapshot().unfinished).toMatchObject([{ wrongFileName: 'other.mp4' }]);
    expect(await uploader.continueUnfinished(id, testFile(95))).toBe('continued');
    await until('ready');
    expect(uploader.getSnapshot().unfinished).toEqual([]);
  });

  it('does not resume with another file of the same name, size and date', async () => {
    const { uploader, cloud, until } = await interrupted(4);
    await uploader.add([testFile(95, { seed: 2 })]);
    const ready = await until('ready');
    expect(ready.isResumed).toBe(false);
    expect(cloud.uploads.size).toBe(2);
    expect(uploader.getSnapshot().unfinished).toHaveLength(1);
  });

  it('starts from nothing when the store no longer knows the upload, and tells the service to discard its media', async () => {
    const { uploader, cloud, until } = await interrupted(4);
    for (const upload of cloud.uploads.values()) upload.isOpen = false;
    await uploader.add([testFile(95)]);
    expect((await until('ready')).isResumed).toBe(false);
    expect([...cloud.uploads.values()].map(({ told }) => told)).toEqual([['canceled'], ['uploaded']]);
    expect(uploader.getSnapshot().unfinished).toEqual([]);
  });

  it('trusts the list of the store more than the journal', async () => {
    const { uploader, cloud, until } = await interrupted(4);
    cloud.only().parts.delete(2);
    cloud.only().parts.set(3, new Uint8Array(3));
    await uploader.add([testFile(95)]);
    await until('ready');
    expect([1, 2, 3, 4].map((part) => cloud.putsOf(part))).toEqual([1, 2, 2, 1]);
  });

  it('resumes from the journal where the store does not list its parts', async () => {
    const { uploader, cloud, until } = await interrupted(4, { cloud: { isListless: true } });
    await uploader.add([testFile(95)]);
    await until('ready');
    expect([1, 2, 3, 4].map((part) => cloud.putsOf(part))).toEqual([1, 1, 1, 1]);
    expect(cloud.only().object).toEqual(Buffer.from(await testFile(95).arrayBuffer()));
  });

  it('discards an unfinished upload on request', async () => {
    const { uploader, cloud, store } = await interrupted(2);
    await settle();
    const [unfinished] = uploader.getSnapshot().unfinished;
    uploader.discardUnfinished(unfinished?.id ?? '');
    await settle();
    expect(cloud.only()).toMatchObject({ told: ['canceled'], isOpen: false });
    expect(await store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('completes a cancel on the next visit when it did not reach the endpoint, and does not offer the upload', async () => {
    const { first, next } = await leftBehind();
    first.uploader.cancel(first.only().id);
    await first.clock.advance(1000);
    expect(first.cloud.only().told).toEqual([]);

    const second = next();
    await settle();
    expect(second.uploader.getSnapshot()).toMatchObject({ uploads: [], unfinished: [] });
    expect(second.cloud.only()).toMatchObject({ told: ['canceled'], isOpen: false });
    expect(await second.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('completes a discard on the next visit, and forgets one that the endpoint refuses for good', async () => {
    const { next } = await leftBehind();
    const second = next();
    await settle();
    second.cloud.onCall = () => 'no-reply';
    second.uploader.discardUnfinished(second.uploader.getSnapshot().unfinished[0]?.id ?? '');
    await settle();
    second.cloud.onCall = () => new Response(null, { status: 503 });
    const third = second.reload();
    await settle();
    expect(third.uploader.getSnapshot().unfinished).toEqual([]);
    expect(await third.store.load('/api/uploads', 'fake')).toHaveLength(1);

    third.cloud.onCall = () => undefined;
    third.cloud.uploads.clear();
    const fourth = third.reload();
    await settle();
    expect(fourth.cloud.calls.at(-1)).toEqual({ operation: 'finish', items: 1 });
    expect(await fourth.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('discards an unfinished upload without progress for too long, and keeps a younger one', async () => {
    const day = 24 * 3_600_000;
    const { first, next } = await leftBehind();
    first.uploader.destroy();
    await first.clock.advance(5 * day);
    const second = next();
    await settle();
    expect(second.uploader.getSnapshot().unfinished).toHaveLength(1);
    expect(second.cloud.only().told).toEqual([]);

    await second.clock.advance(1.1 * day);
    const third = second.reload();
    await settle();
    expect(third.uploader.getSnapshot().unfinished).toEqual([]);
    expect(third.cloud.only()).toMatchObject({ told: ['canceled'], isOpen: false });
    expect(await third.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('takes the greatest age from the host, and counts it from the last progress', async () => {
    const { first, next } = await leftBehind();
    await first.clock.advance(50_000);
    const second = next({ abandonAfterMs: 60_000 });
    second.cloud.onPut = ({ partNumber }) => (partNumber > 5 ? new Promise<never>(() => {}) : 'ok');
    await second.uploader.add([testFile(95)]);
    await second.clock.advance(30_000);
    const third = second.reload();
    await settle();
    expect(third.uploader.getSnapshot().unfinished).toMatchObject([{ storedBytes: 50 }]);

    await third.clock.advance(61_000);
    const fourth = third.reload();
    await settle();
    expect(fourth.uploader.getSnapshot().unfinished).toEqual([]);
    expect(fourth.cloud.only().told).toEqual(['canceled']);
  });

  it('polls by itself where only the cloud has work left', async () => {
    const first = harness();
    first.cloud.mediaStatus = 'processing';
    await first.uploader.add([testFile(30)]);
    await first.until('processing');
    await settle();
    first.cloud.mediaStatus = 'ready';
    const second = first.reload();
    await second.until('ready');
    expect(second.only().mediaId).toBe('media-1');
    expect(await second.store.load('/api/uploads', 'fake')).toEqual([]);
  });

  it('confirms by itself when the reload came between the last part and the confirmation', async () => {
    const first = harness();
    first.cloud.onCall = (operation) => (operation === 'finish' ? new Promise<never>(() => {}) : undefined);
    await first.uploader.add([testFile(30)]);
    await first.until('confirming');
    await settle();
    first.cloud.onCall = () => undefined;
    const second = first.reload();
    await second.until('ready');
    expect(second.cloud.puts).toHaveLength(3);
    expect(second.cloud.only().told).toEqual(['uploaded']);
  });

  it('confirms on retry although the file no longer exists', async () => {
    const first = harness();
    first.cloud.onCall = (operation) => (operation === 'finish' ? new Promise<never>(() => {}) : undefined);
    await first.uploader.add([testFile(30)]);
    await first.until('confirming');
    await settle();
    first.cloud.onCall = () => new Response('<html>', { status: 200 });
    const second = first.reload({ retry: { patienceMs: 5000 } });
    await second.until('failed');
    second.cloud.onCall = () => undefined;
    second.uploader.retryAll();
    await second.until('ready');
    expect(second.cloud.puts).toHaveLength(3);
    expect(second.cloud.only().told).toEqual(['uploaded']);
  });

  it('asks for the file again when the store lost a part while the upload waited for its confirmation', async () => {
    const first = harness();
    first.cloud.onCall = (operation) => (operation === 'finish' ? new Promise<never>(() => {}) : undefined);
    await first.uploader.add([testFile(30)]);
    await first.until('confirming');
    await settle();
    first.cloud.onCall = () => undefined;
    first.cloud.only().parts.delete(2);
    const second = first.reload();
    await second.clock.advance(1000);
    expect(second.uploader.getSnapshot()).toMatchObject({
      uploads: [],
      unfinished: [{ fileName: 'clip.mp4', storedBytes: 20 }],
    });
    await second.uploader.add([testFile(30)]);
    await second.until('ready');
    expect([1, 2, 3].map((part) => second.cloud.putsOf(part))).toEqual([1, 2, 1]);
    expect(second.cloud.uploads.size).toBe(1);
  });

  it('resumes although the store has a damaged part that was never acknowledged', async () => {
    const first = harness({ concurrency: { connections: 1 } });
    first.cloud.onPut = ({ partNumber, attempt }) =>
      partNumber < 3 ? 'ok' : attempt === 1 ? 'corrupt' : new Promise<never>(() => {});
    await first.uploader.add([testFile(95)]);
    await first.clock.advance(5000);
    first.cloud.onPut = () => 'ok';
    const second = first.reload();
    await second.uploader.add([testFile(95)]);
    expect((await second.until('ready')).isResumed).toBe(true);
    expect(second.cloud.uploads.size).toBe(1);
  });

  it('uploads without a journal, and says that it cannot resume after a reload', async () => {
    const refuse = () => Promise.reject(new DOMException('no', 'InvalidStateError'));
    const store = {
      load: refuse,
      parts: refuse,
      put: refuse,
      putPart: refuse,
      deletePart: refuse,
      putFile: refuse,
      file: refuse,
      delete: refuse,
    };
    const { uploader, until } = harness({ ports: { store } });
    await uploader.add([testFile(30)]);
    await until('ready');
    expect(uploader.getSnapshot().canResumeAfterReload).toBe(false);
  });

  it('keeps no URL and no key in the journal', async () => {
    const { store } = await interrupted(3);
    const entries = await store.load('/api/uploads', 'fake');
    expect(entries).toHaveLength(1);
    expect(JSON.stringify([entries, await store.parts(entries[0]?.id ?? '')])).not.toMatch(
      /https?:|signature|until=/i,
    );
  });
});

it('says how many uploads stand before one in the queue, also after a pause', async () => {
  const { uploader, cloud } = harness({ concurrency: { files: 1 } });
  cloud.onPut = () => new Promise(() => {});
  const large = 21 * 1024 * 1024;
  const { added } = await uploader.add([1, 2, 3].map((seed) => testFile(large, { seed })));
  const positions = () => uploader.getSnapshot().uploads.map(({ queuePosition }) => queuePosition);
  await settle();
  expect(positions()).toEqual([undefined, 0, 1]);
  uploader.pause(added[1] ?? '');
  expect(positions()).toEqual([undefined, undefined, 0]);
  uploader.resume(added[1] ?? '');
  expect(positions()).toEqual([undefined, 1, 0]);
});
