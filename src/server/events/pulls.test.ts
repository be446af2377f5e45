import { afterEach, expect, it, vi } from 'vitest';
import { startSandbox, type EventTargets, type RunningSandbox } from '../../sandbox/index.js';
import type { Provider } from '../provider.js';
import { alibabaVod } from '../providers/alibaba-vod/index.js';
import { huaweiVod } from '../providers/huawei-vod/index.js';
import { tencentVod } from '../providers/tencent-vod/index.js';
import { fakeContext } from '../test-support/fake-provider.js';
import { startLinkSource, type LinkSource } from '../test-support/link-source.js';
import {
  alibabaEvents,
  createVendorEvents,
  huaweiEvents,
  tencentEvents,
  type EventSource,
  type MediaEvent,
} from './index.js';

const origin = 'https://app.example.com/vod';

interface Cloud {
  readonly targets: EventTargets;
  readonly open: (sandbox: RunningSandbox) => { provider: Provider; source: EventSource };
  readonly messages: readonly string[];
  readonly kinds: readonly string[];
  /** What the host hears of a pull that failed. */
  readonly failure: readonly string[];
}

const clouds: Readonly<Record<string, Cloud>> = {
  'Alibaba VOD': {
    targets: { alibaba: { url: `${origin}/alibaba-vod`, authKey: 'Sandbox0Key' } },
    open({ credentials: { alibabaVod: account } }) {
      const provider = alibabaVod({ ...account, credentials: account });
      const callbackUrl = `${origin}/alibaba-vod`;
      return { provider, source: alibabaEvents({ provider, callbackUrl, authKey: 'Sandbox0Key' }) };
    },
    messages: ['FileUploadComplete', 'TranscodeComplete', 'UploadByURLComplete'],
    kinds: ['imported', 'transcoded', 'uploaded'],
    failure: [],
  },
  'Tencent VOD': {
    targets: { tencent: { url: `${origin}/tencent-vod`, signKey: 'SandboxSignKey1' } },
    open({ credentials: { tencentVod: account } }) {
      const { endpoint, cosOrigin } = account;
      const provider = tencentVod({ endpoint, cosOrigin, credentials: account });
      return { provider, source: tencentEvents({ provider, signKey: 'SandboxSignKey1' }) };
    },
    messages: ['PullComplete'],
    kinds: ['imported'],
    failure: [],
  },
  'Huawei VOD': {
    targets: { huawei: { url: `${origin}/huawei-vod`, callbackKey: 'SandboxCallbackKey' } },
    open({ credentials: { huaweiVod: account } }) {
      const { projectId, endpoint, region } = account;
      const provider = huaweiVod({ projectId, endpoint, region, credentials: account });
      return { provider, source: huaweiEvents({ provider, callbackKey: 'SandboxCallbackKey' }) };
    },
    messages: ['createComplete', 'transcodeComplete'],
    kinds: ['transcoded', 'uploaded'],
    failure: ['upload-failed'],
  },
};
const names = Object.keys(clouds);

let sandbox: RunningSandbox | undefined;
let films: LinkSource | undefined;
afterEach(async () => {
  await sandbox?.close();
  await films?.close();
});

/** A cloud that pulls one link, and what its messages become at the host. */
async function pull(name: string, linkOf: (source: LinkSource) => string, switches = {}) {
  const cloud = clouds[name];
  if (!cloud) throw new Error(name);
  films = await startLinkSource();
  let receive: (request: Request) => Promise<Response> = () => Promise.resolve(new Response());
  sandbox = await startSandbox({
    processingMs: 50,
    settings: { pullOrigins: [films.url] },
    events: { ...cloud.targets, retryScale: 0, fetch: (url, init) => receive(new Request(url, init)) },
  });
  const { url } = sandbox;
  const { provider, source } = cloud.open(sandbox);
  const events: MediaEvent[] = [];
  receive = createVendorEvents({ sources: [source], onMediaEvent: (event) => void events.push(event) });
  const control = async (body?: object) => {
    const init = body && { method: 'POST', body: JSON.stringify(body) };
    return (await (await fetch(`${url}/__sandbox/events`, init)).json()) as {
      messages: { type: string; outcome: string; attempts: number[] }[];
    };
  };
  await control({ switches });
  const link = { id: 'a'.repeat(32), url: linkOf(films), extension: 'mp4', fileName: 'clip.mp4' };
  const [started] = (await provider.imports?.start([link], fakeContext())) ?? [];
  if (!started || started instanceof Error) throw started ?? new Error('no answer');
  const session = {
    ...{ id: crypto.randomUUID(), fileName: 'clip.mp4', sizeBytes: 0, link: { host: '127.0.0.1' } },
    ...{ transfer: { kind: 'single' as const }, ...started },
  };
  await vi.waitFor(
    async () => {
      const [status] = (await provider.imports?.status([session], fakeContext())) ?? [];
      expect(status).toMatchObject({ outcome: expect.stringMatching(/imported|failed/) as string });
    },
    { timeout: 10_000 },
  );
  const settled = async (count: number) => {
    await vi.waitFor(
      async () => {
        const { messages } = await control();
        expect(messages.filter(({ outcome }) => outcome !== 'pending')).toHaveLength(count);
      },
      { timeout: 10_000 },
    );
    return (await control()).messages;
  };
  return { events, settled, cloud };
}

it.each(names)('tells the host once that a video was pulled from a link: %s', async (name) => {
  const { events, settled, cloud } = await pull(name, (source) => source.add().url);
  const messages = await settled(cloud.messages.length);
  expect(messages.map(({ type }) => type).sort()).toEqual(cloud.messages);
  await vi.waitFor(() => {
    expect(events.map(({ kind }) => kind).sort()).toEqual(cloud.kinds);
  });
  expect(new Set(events.map(({ mediaId }) => mediaId)).size).toBe(1);
  expect(events[0]?.details?.mediaId).toBe(events[0]?.mediaId);
});

it.each(names)('takes no message about a pull whose signature is wrong: %s', async (name) => {
  const { events, settled, cloud } = await pull(name, (source) => source.add().url, { badSignature: true });
  const messages = await settled(cloud.messages.length);
  expect(new Set(messages.flatMap(({ attempts }) => attempts))).toEqual(new Set([401]));
  expect(events).toEqual([]);
});

it.each(names)('makes no medium of a pull that has failed: %s', async (name) => {
  const { events, settled, cloud } = await pull(name, (source) => source.refusing(404));
  await settled(1);
  await vi.waitFor(() => {
    expect(events.map(({ kind }) => kind)).toEqual(cloud.failure);
  });
});
