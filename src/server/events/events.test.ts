import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  startSandbox,
  type EventTargets,
  type RunningSandbox,
  type SandboxOptions,
} from '../../sandbox/index.js';
import type { Provider } from '../provider.js';
import { alibabaVod } from '../providers/alibaba-vod/index.js';
import { huaweiVod } from '../providers/huawei-vod/index.js';
import { s3 } from '../providers/s3/index.js';
import { tencentVod } from '../providers/tencent-vod/index.js';
import { createDriver } from '../test-support/contract-driver.js';
import {
  alibabaEvents,
  createVendorEvents,
  huaweiEvents,
  s3Events,
  tencentEvents,
  type EventSource,
  type MediaEvent,
  type VendorEventsOptions,
} from './index.js';

const origin = 'https://app.example.com/vod';
const topicUrn = 'urn:smn:cn-north-4:05041fffa40025702f6dc009cc6f8f33:vod';
const topicArn = 'arn:aws:sns:us-east-1:123456789012:media-in';

interface World {
  readonly provider: Provider;
  readonly source: EventSource;
}

/** Each way in which a vendor sends messages: its settings at the vendor, and the source that reads it. */
const channels: Record<string, { targets: EventTargets; open: (sandbox: RunningSandbox) => World }> = {
  'Alibaba by HTTP callback': {
    targets: { alibaba: { url: `${origin}/alibaba-vod`, authKey: 'Sandbox0Key' } },
    open({ credentials: { alibabaVod: account } }) {
      const provider = alibabaVod({ ...account, credentials: account });
      return {
        provider,
        source: alibabaEvents({ provider, callbackUrl: `${origin}/alibaba-vod`, authKey: 'Sandbox0Key' }),
      };
    },
  },
  'Tencent by PUSH': {
    targets: { tencent: { url: `${origin}/tencent-vod`, signKey: 'SandboxSignKey1' } },
    open({ credentials: { tencentVod: account } }) {
      const { endpoint, cosOrigin } = account;
      const provider = tencentVod({ endpoint, cosOrigin, credentials: account, procedure: 'web' });
      return { provider, source: tencentEvents({ provider, signKey: 'SandboxSignKey1' }) };
    },
  },
  'Huawei by its own callback': {
    targets: { huawei: { url: `${origin}/huawei-vod`, callbackKey: 'SandboxCallbackKey' } },
    open(sandbox) {
      const provider = huawei(sandbox);
      return { provider, source: huaweiEvents({ provider, callbackKey: 'SandboxCallbackKey' }) };
    },
  },
  'Huawei by SMN': {
    targets: { huawei: { url: `${origin}/huawei-vod`, topicUrn } },
    open(sandbox) {
      const provider = huawei(sandbox);
      return { provider, source: huaweiEvents({ provider, smn: { topics: [topicUrn] } }) };
    },
  },
  'S3 by SNS with version 1': {
    targets: { s3: { url: `${origin}/s3`, topicArn } },
    open: (sandbox) => ofS3(sandbox, { sns: { topics: [topicArn] } }),
  },
  'S3 by SNS with version 2': {
    targets: { s3: { url: `${origin}/s3`, topicArn, signatureVersion: '2' } },
    open: (sandbox) => ofS3(sandbox, { sns: { topics: [topicArn], signatureVersions: ['2'] } }),
  },
  'S3 by a webhook': {
    targets: { s3: { url: `${origin}/s3`, token: 'webhook-secret' } },
    open: (sandbox) => ofS3(sandbox, { webhook: { secret: 'webhook-secret' } }),
  },
};
const names = Object.keys(channels);

function huawei({ credentials: { huaweiVod: account } }: RunningSandbox) {
  const { projectId, endpoint, region } = account;
  return huaweiVod({ projectId, endpoint, region, credentials: account });
}

function ofS3(
  { credentials: { s3: account } }: RunningSandbox,
  options: Omit<Parameters<typeof s3Events>[0], 'provider' | 'bucket'>,
): World {
  const { endpoint, region, bucket } = account;
  const provider = s3({ endpoint, region, bucket, credentials: account, key: () => 'in/ä b+1.mp4' });
  return { provider, source: s3Events({ provider, bucket, ...options }) };
}

let sandbox: RunningSandbox | undefined;
afterEach(() => sandbox?.close());

/** The sandbox, a receiver that its messages reach without a network, and the host behind it. */
async function open(
  name: string,
  options: Partial<VendorEventsOptions> & { sandbox?: SandboxOptions; retryScale?: number } = {},
) {
  const channel = channels[name];
  if (!channel) throw new Error(name);
  let receive: (request: Request) => Promise<Response> = () => Promise.resolve(new Response());
  const started = await startSandbox({
    processingMs: 50,
    ...options.sandbox,
    events: {
      ...channel.targets,
      retryScale: options.retryScale ?? 0,
      fetch: (url, init) => receive(new Request(url, init)),
    },
  });
  sandbox = started;
  const world = channel.open(started);
  const events: MediaEvent[] = [];
  const onRefused = vi.fn();
  const onError = vi.fn();
  receive = createVendorEvents({
    sources: [world.source],
    onMediaEvent: (event) => void events.push(event),
    onRefused,
    onError,
    // The vendors' own hosts are emulated by the sandbox.
    fetch: (url) =>
      fetch(
        addressOf(url).replace(
          /^https:\/\/(console\.huaweicloud\.com|sns\.us-east-1\.amazonaws\.com)/,
          started.url,
        ),
      ),
    ...options,
  });
  const control = async (method: string, body?: unknown) => {
    const answer = await fetch(`${started.url}/__sandbox/events`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as {
      messages: { type: string; attempts: (number | null)[]; outcome: string }[];
      confirmed: number;
    };
  };
  return { ...world, events, onRefused, onError, control, receive: (request: Request) => receive(request) };
}

async function upload(provider: Provider): Promise<string> {
  const driver = createDriver(provider);
  const started = await driver.begin(Buffer.alloc(1000, 'v'));
  expect(await driver.finish(started, await driver.sendAll(started))).toMatchObject({ outcome: 'completed' });
  return started.session.mediaId ?? '';
}

type Opened = Awaited<ReturnType<typeof open>>;

async function settled({ control }: Pick<Opened, 'control'>, count: number) {
  await vi.waitFor(
    async () => {
      const { messages } = await control('GET');
      expect(messages.filter(({ outcome }) => outcome !== 'pending')).toHaveLength(count);
    },
    { timeout: 10_000 },
  );
  return (await control('GET')).messages;
}

function addressOf(input: string | URL | Request): string {
  return input instanceof Request ? input.url : input.toString();
}

/** S3 tells of the object only. */
const messagesOf = (name: string): number => (name.startsWith('S3') ? 1 : 2);
const isCovered = (name: string): boolean => name.includes('Huawei') || name.includes('SNS');

describe('an upload', () => {
  it.each(names)('reaches the host once for each of its events: %s', async (name) => {
    const world = await open(name);
    const mediaId = await upload(world.provider);
    const messages = await settled(world, messagesOf(name));
    expect(messages.map(({ attempts, outcome }) => [attempts, outcome])).toEqual(
      messages.map(() => [[200], 'taken']),
    );
    const kinds = name.startsWith('S3') ? ['uploaded'] : ['uploaded', 'transcoded'];
    // Messages that are sent soon after one another may arrive in either order.
    expect(new Set(world.events.map(({ kind }) => kind))).toEqual(new Set(kinds));
    expect(world.events).toHaveLength(kinds.length);
    for (const event of world.events) {
      expect(event).toMatchObject({ mediaId, provider: world.provider.id, details: { mediaId } });
      expect(event.detail !== undefined).toBe(isCovered(name));
      expect(Date.parse(event.at)).not.toBeNaN();
    }
    const last = world.events.find(({ kind }) => kind === kinds.at(-1));
    expect(last?.details?.status).toBe('ready');
    expect(world.onRefused).not.toHaveBeenCalled();
  });

  it.each(names)('reaches the host once although every message comes twice: %s', async (name) => {
    const world = await open(name);
    await world.control('POST', { switches: { duplicate: true } });
    await upload(world.provider);
    await vi.waitFor(
      async () => {
        const { messages } = await world.control('GET');
        expect(messages.flatMap(({ attempts }) => attempts)).toEqual(Array(messagesOf(name) * 2).fill(200));
      },
      { timeout: 10_000 },
    );
    expect(world.events).toHaveLength(messagesOf(name));
  });

  it.each(names.filter((name) => !name.includes('webhook') && !name.includes('Tencent')))(
    'reaches the host after it has failed at first: %s',
    async (name) => {
      let failures = 0;
      const events: MediaEvent[] = [];
      const world = await open(name, {
        onMediaEvent: (event) => {
          if (event.kind === 'uploaded' && failures++ === 0) throw new Error('the database is down');
          events.push(event);
        },
      });
      await upload(world.provider);
      const [first] = await settled(world, messagesOf(name));
      expect(first).toMatchObject({ attempts: [500, 200], outcome: 'taken' });
      expect(events).toHaveLength(messagesOf(name));
      expect(world.onError).toHaveBeenCalledTimes(1);
    },
  );
});

describe('a message', () => {
  it.each(names)('with a wrong signature does not reach the host: %s', async (name) => {
    const world = await open(name);
    await world.control('POST', { switches: { badSignature: true } });
    await upload(world.provider);
    const messages = await settled(world, messagesOf(name));
    // Alibaba and MFS try again whatever the answer is; the others do not after a refusal.
    const count = name.includes('callback') ? 3 : 1;
    expect(messages.map(({ attempts }) => attempts)).toEqual(
      messages.map(() => Array<number>(count).fill(401)),
    );
    expect(world.events).toEqual([]);
    expect(world.onRefused).toHaveBeenCalled();
  });

  it.each(names.filter((name) => !name.includes('webhook')))(
    'of another time does not reach the host: %s',
    async (name) => {
      const world = await open(name);
      await world.control('POST', { switches: { staleTime: true } });
      await upload(world.provider);
      const messages = await settled(world, messagesOf(name));
      expect(new Set(messages.flatMap(({ attempts }) => attempts))).toEqual(new Set([401]));
      expect(world.events).toEqual([]);
    },
  );

  it('that was lost is sent again by Alibaba three times at most', async () => {
    const world = await open('Alibaba by HTTP callback', {
      onMediaEvent: () => Promise.reject(new Error('down')),
    });
    await upload(world.provider);
    const messages = await settled(world, 2);
    expect(messages).toMatchObject(
      Array(2).fill({ attempts: [500, 500, 500], outcome: 'given-up' }) as object[],
    );
  });

  it('that was lost is sent again by SMN seven times at most', async () => {
    const world = await open('Huawei by SMN', { onMediaEvent: () => Promise.reject(new Error('down')) });
    await upload(world.provider);
    expect((await settled(world, 2))[0]).toMatchObject({ attempts: Array(7).fill(500), outcome: 'given-up' });
  });
});

describe('a subscription', () => {
  it.each(['Huawei by SMN', 'S3 by SNS with version 1', 'S3 by SNS with version 2'])(
    'is confirmed by its address, once it is genuine: %s',
    async (name) => {
      const world = await open(name);
      const subscribe = name.startsWith('Huawei') ? 'huawei' : 's3';
      await world.control('POST', { subscribe });
      await settled(world, 1);
      expect(await world.control('GET')).toMatchObject({ confirmed: 1, messages: [{ attempts: [200] }] });
      await world.control('POST', { switches: { badSignature: true } });
      await world.control('POST', { subscribe });
      expect((await settled(world, 2))[1]).toMatchObject({ attempts: [401] });
      expect(await world.control('GET')).toMatchObject({ confirmed: 1 });
      expect(world.events).toEqual([]);
    },
  );

  it('is asked for again while the address does not answer', async () => {
    let failures = 0;
    const world = await open('Huawei by SMN', {
      fetch: (url) => {
        if (addressOf(url).includes('confirm') && failures++ === 0) return Promise.reject(new Error('down'));
        return fetch(addressOf(url).replace('https://console.huaweicloud.com', sandbox?.url ?? ''));
      },
    });
    await world.control('POST', { subscribe: 'huawei' });
    expect((await settled(world, 1))[0]).toMatchObject({ attempts: [500, 200] });
    expect(await world.control('GET')).toMatchObject({ confirmed: 1 });
  });
});

it.each([
  ['Alibaba by HTTP callback', { alibaba: { settings: { mediaStatus: 'TranscodeFail' as const } } }],
  ['Huawei by its own callback', { settings: { mediaStatus: 'TRANSCODE_FAILED' as const } }],
  ['Huawei by SMN', { settings: { mediaStatus: 'TRANSCODE_FAILED' as const } }],
])('tells of a transcoding that has failed: %s', async (name, options) => {
  const world = await open(name, { sandbox: options });
  await upload(world.provider);
  await settled(world, 2);
  const told = world.events.map(({ kind, details }) => [kind, details?.status]);
  expect(told).toHaveLength(2);
  expect(told).toContainEqual(['uploaded', expect.anything()]);
  expect(told).toContainEqual(['transcode-failed', 'failed']);
});

it('tells of a multipart upload and of the deletion of an object', async () => {
  const world = await open('S3 by a webhook');
  const driver = createDriver(world.provider);
  const started = await driver.begin(Buffer.alloc(9 * 1024 * 1024, 'v'));
  await driver.finish(started, await driver.sendAll(started));
  await settled(world, 1);
  const { endpoint, bucket, ...keys } = sandbox?.credentials.s3 ?? ({} as never);
  const target = { endpoint, bucket, ...keys };
  const client = new S3Client({
    endpoint,
    region: keys.region,
    forcePathStyle: true,
    credentials: target,
  });
  await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: started.session.mediaId ?? '' }));
  await settled(world, 2);
  expect(world.events.map(({ kind, details }) => [kind, details?.status])).toEqual([
    ['uploaded', 'ready'],
    ['deleted', undefined],
  ]);
});
