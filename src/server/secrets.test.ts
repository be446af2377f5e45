import { describe, expect, it, vi } from 'vitest';
import { createTokenEndpoint } from './handler.js';
import { huaweiVod } from './providers/huawei-vod/index.js';
import {
  fakeHuawei,
  fakeSecrets,
  networkError,
  obsErrorReply,
  vodErrorReply,
  type Step,
} from './test-support/fake-huawei.js';

const secret = 'TICKETSECRET-of-more-than-thirty-two-chars';
const userToken = 'USERTOKENSECRET';
const md5Base64 = 'hHZXtgjYL2fmLpu+yQ+Xgg==';
const md5Hex = '847657b608d82f67e62e9bbec90f9782';

/** A cloud that repeats in its refusals what it was sent. */
const echo = (status: number) => (request: { url: URL; headers: Headers }) =>
  Response.json(
    {
      error_code: 'VOD.10053',
      error_msg: `illegal: ${request.url.href} ${[...request.headers.values()].join(' ')}`,
    },
    { status },
  );

const failures: [string, () => Parameters<ReturnType<typeof fakeHuawei>['script']>[1]][] = [
  ['a lost connection', () => networkError('ECONNRESET')],
  [
    'an error of the runtime that names the URL',
    () =>
      Object.assign(new TypeError(`Unable to connect https://x.test/?Signature=${fakeSecrets.signature}`), {
        path: `https://x.test/?Signature=${fakeSecrets.signature}`,
      }),
  ],
  ['a refusal that repeats the request', () => echo(400)],
  [
    'a gateway refusal that repeats the key',
    () => vodErrorReply('APIGW.0301', 401, `AK ${fakeSecrets.accessKey} failed`),
  ],
  ['a refusal of the store', () => obsErrorReply('SignatureDoesNotMatch', 403)],
  ['HTML', () => new Response(`<html>${fakeSecrets.signature}</html>`)],
  [
    'JSON of another shape that holds a URL',
    () =>
      Response.json({ sign_str: 7, asset_id: 7, x: `https://x.test/?Signature=${fakeSecrets.signature}` }),
  ],
  [
    'something that is no URL where one should be',
    () =>
      Response.json({
        asset_id: 'a',
        video_upload_url: `not a url?Signature=${fakeSecrets.signature}`,
        target: { bucket: 'b', object: 'o' },
        sign_str: `http://[?Signature=${fakeSecrets.signature}`,
      }),
  ],
];

const steps: Step[] = [
  'create',
  'authorise-init',
  'authorise-part',
  'authorise-list',
  'authorise-complete',
  'authorise-abort',
  'confirm',
  'infos',
  'init',
  'list',
  'complete',
  'abort',
];

async function callEverything(
  step: Step,
  failure: (typeof failures)[number][1],
  credentials: Parameters<typeof huaweiVod>[0]['credentials'],
) {
  const now = () => Date.UTC(2026, 0, 15);
  const cloud = fakeHuawei(now);
  const logged: unknown[] = [];
  const provider = huaweiVod({
    projectId: 'pid',
    region: 'cn-north-4',
    credentials,
    fetch: cloud.fetch,
    now,
    retry: { sleep: () => Promise.resolve() },
  });
  const onError = (error: unknown, context: unknown) => void logged.push(dump(error), dump(context));
  const endpoint = createTokenEndpoint({
    providers: [provider],
    authorize: () => ({ id: 'ada' }),
    secret,
    now,
    onError,
  });
  const told: string[] = [];
  const tickets: string[] = [];
  const post = async (operation: string, body: unknown) => {
    const response = await endpoint(
      new Request(`https://host.test/${operation}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      }),
    );
    const text = await response.text();
    const { results = [] } = JSON.parse(text) as {
      results?: { outcome: string; problem?: unknown; session?: { ticket: string } }[];
    };
    tickets.push(...results.flatMap((result) => result.session?.ticket ?? []));
    // What succeeds has to carry URLs and tickets; what fails must not.
    told.push(
      ...results.filter((result) => result.outcome === 'refused').map((result) => JSON.stringify(result)),
      ...(response.ok ? [] : [text]),
    );
  };
  const uploads = [3_000_000, 45_000_000].map((sizeBytes) => ({
    clientId: 'c',
    fileName: 'a.mp4',
    sizeBytes,
    contentType: '',
    md5Base64,
  }));
  await post('start', { provider: 'huawei-vod', uploads });
  const ready = [...tickets];
  cloud.parts.push({ number: 1, md5Hex, sizeBytes: 45_000_000 });
  const failFrom = () => cloud.script(step, ...Array.from({ length: 12 }, failure));
  failFrom();
  await post('start', { provider: 'huawei-vod', uploads });
  for (const ticket of ready) {
    const parts = [{ partNumber: 1, sizeBytes: ticket === ready[0] ? 3_000_000 : 45_000_000, md5Base64 }];
    await post('sign', { items: [{ ticket, parts }] });
    await post('list', { items: [{ ticket }] });
    await post('finish', { items: [{ ticket, status: 'uploaded', parts }] });
    await post('finish', { items: [{ ticket, status: 'uploaded', parts, isRepeat: true }] });
    await post('finish', { items: [{ ticket, status: 'canceled' }] });
    await post('details', { items: [{ ticket }, { ticket: `${ticket.slice(0, -3)}AAA` }] });
    await post('details', { items: [{ ticket: `${ticket.slice(0, -3)}AAA` }] });
    await post('sign', { items: [{ ticket, parts: 'no' }] });
  }
  return { told, logged, tickets };
}

/** Everything a log could print of an error: message, stack, own fields, and its causes. */
function dump(value: unknown, depth = 0): string {
  if (!(value instanceof Error) || depth > 5) return JSON.stringify(value) ?? '';
  return [
    value.name,
    value.message,
    value.stack,
    JSON.stringify({ ...value }),
    dump(value.cause, depth + 1),
  ].join('\n');
}

describe('secrets in failures of the endpoint', () => {
  const secretTexts = [
    fakeSecrets.accessKey,
    fakeSecrets.secretKey,
    fakeSecrets.urlKey,
    fakeSecrets.signature,
    decodeURIComponent(fakeSecrets.signature),
    userToken,
    secret,
    'Signature=',
  ];

  it.each(failures)(
    'exposes no secret in answers or logs when each step fails with %s',
    async (_, failure) => {
      let refusals = 0;
      for (const step of steps) {
        for (const credentials of [
          { accessKey: fakeSecrets.accessKey, secretKey: fakeSecrets.secretKey },
          { token: userToken },
        ]) {
          const { told, logged, tickets } = await callEverything(step, failure, credentials);
          refusals += told.length;
          const everything = [...told, ...logged.map(String)].join('\n');
          for (const text of [...secretTexts, ...tickets])
            expect(everything.includes(text), `${step}: ${text.slice(0, 20)}`).toBe(false);
        }
      }
      expect(refusals).toBeGreaterThan(0);
    },
  );

  it('exposes no secret in the log when a provider throws an unexpected error', async () => {
    const onError = vi.fn();
    const provider = {
      ...huaweiVod({ projectId: 'p', region: 'r', credentials: { token: userToken } }),
      start: () => Promise.reject(new Error('bug')),
    };
    const endpoint = createTokenEndpoint({
      providers: [provider],
      authorize: () => ({ id: 'ada' }),
      secret,
      onError,
    });
    const body = JSON.stringify({
      provider: 'huawei-vod',
      uploads: [{ clientId: 'c', fileName: 'a.mp4', sizeBytes: 1, contentType: '' }],
    });
    await endpoint(
      new Request('https://host.test/start', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body,
      }),
    );
    expect(onError.mock.calls.map((call) => call.map((one) => dump(one)).join()).join()).not.toContain(
      userToken,
    );
  });
});
