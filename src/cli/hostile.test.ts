import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { conformance } from './conformance/conformance.js';
import { examineEndpoint } from './doctor/doctor.js';
import { exitCodeOf, printed, type Check } from './report.js';
import { run } from './run.js';

/** Endpoints that hang, answer nonsense, or keep to half of the protocol. */
type Handler = (req: IncomingMessage, res: ServerResponse) => void;

const closers: (() => void)[] = [];
afterEach(() => closers.splice(0).forEach((close) => close()));

async function serve(handler: Handler): Promise<string> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/uploads`;
}

const json = (res: ServerResponse, body: unknown, status = 200) => {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
};

/** Describes one provider in its own way, and answers the rest as the second handler does. */
function describing(capabilities: object, rest: Handler): Handler {
  return (req, res) => {
    if (!req.url?.endsWith('/describe')) return rest(req, res);
    const provider = {
      provider: 's3',
      checksum: 'none',
      singlePutMaxBytes: 1000,
      signing: 'ahead',
      canReplace: false,
    };
    json(res, { results: [{ outcome: 'described', capabilities: { ...provider, ...capabilities } }] });
  };
}

const session = (transfer: object) => ({
  results: [{ outcome: 'started', session: { ticket: 'ticket', transfer, signed: [] } }],
});

const hang: Handler = () => {};

const hostile: [string, Handler][] = [
  ['never answers', hang],
  ['closes every connection', (req) => void req.socket.destroy()],
  [
    'sends a body a byte at a time, without an end',
    (_, res) => {
      res.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => res.write(' '), 20);
      res.on('close', () => clearInterval(timer));
    },
  ],
  [
    'sends as much as it can, without an end',
    (_, res) => {
      const more = () => {
        if (res.destroyed) return;
        // One chunk for each turn, so that the others on this machine have theirs.
        if (res.write('x'.repeat(262_144))) setImmediate(more);
        else res.once('drain', () => setImmediate(more));
      };
      more();
    },
  ],
  ['answers a page', (_, res) => res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Welcome')],
  ['answers bytes', (_, res) => res.end(Buffer.from([0, 255, 254, 1, 2, 3]))],
  ['answers null', (_, res) => json(res, null)],
  ['answers no results', (_, res) => json(res, { results: [] })],
  ['answers 500', (_, res) => json(res, { error: 'down' }, 500)],
  ['redirects in a circle', (req, res) => res.writeHead(307, { location: req.url ?? '/' }).end()],
  ['describes, and hangs', describing({}, hang)],
  ['describes, and answers nonsense', describing({}, (_, res) => json(res, { results: 'many' }))],
  [
    'asks for a file of 100 TB',
    describing(
      { singlePutMaxBytes: 1e15, parts: { minSizeBytes: 1e14, maxSizeBytes: 1e15, maxCount: 2 } },
      hang,
    ),
  ],
  [
    'plans parts of one byte',
    describing(
      { parts: { minSizeBytes: 5e6, maxSizeBytes: 5e6, maxCount: 10_000 }, singlePutMaxBytes: 0 },
      (_, res) =>
        json(
          res,
          session({
            kind: 'multipart',
            eTag: 'md5',
            minPartSizeBytes: 1,
            maxPartSizeBytes: 1,
            maxPartCount: 9,
            partSizeBytes: 1,
          }),
        ),
    ),
  ],
  [
    'signs an address that is none',
    describing({}, (_, res) =>
      json(res, {
        results: [
          {
            outcome: 'started',
            session: {
              ticket: 'ticket',
              transfer: { kind: 'single' },
              signed: [{ partNumber: 1, method: 'PUT', url: 'http://[', headers: {}, expiresInMs: 1000 }],
            },
          },
        ],
      }),
    ),
  ],
];

const patience = { callMs: 500, totalMs: 20_000 };

describe.each(hostile)('an endpoint that %s', (_, handler) => {
  const tools: [string, (address: string) => Promise<readonly Check[]>][] = [
    ['conformance', (address) => conformance(address, { patience, providers: ['s3'] })],
    ['doctor', (address) => examineEndpoint(address, { patience, origins: ['https://app.example.com'] })],
  ];

  it.each(tools)('is a fault in plain words of %s, in time', async (_, examine) => {
    const checks = await examine(await serve(handler));
    expect(exitCodeOf(checks)).toBe(1);
    for (const { outcome, says } of checks) if (outcome === 'fault') expect(says).toMatch(/^[A-Z].*\.$/s);
    expect(printed(checks, { isJson: false })).not.toMatch(/undefined|NaN|\[object|TypeError|TimeoutError/);
  });
});

it('prints nothing that steers the terminal, whatever an endpoint calls itself', async () => {
  const name = 's3\u001b[2J\u202Eevil\nok       all · is well';
  const url = await serve(describing({ provider: name }, hang));
  const text = printed(await conformance(url, { patience, providers: ['s3'] }), { isJson: false });
  expect(text).not.toMatch(/[\u001b\u202e]/);
  expect(text.split('\n').filter((line) => line.startsWith('ok') && line.includes('is well'))).toEqual([]);
});

it.each(hostile.slice(0, 6))(
  'finds no provider to try, and says why, where an endpoint %s',
  async (_, handler) => {
    const checks = await conformance(await serve(handler), { patience });
    expect(checks).toHaveLength(1);
    expect(checks[0]).toMatchObject({ of: 'endpoint', outcome: 'fault' });
    expect(checks[0]?.remedy).toMatch(/^Check the address|^Name its providers/);
  },
);

it('stops asking an endpoint that does not answer, and says so of what is not tried', async () => {
  let count = 0;
  const url = await serve(() => (count += 1));
  const checks = await conformance(url, { patience, providers: ['s3'] });
  expect(count).toBeLessThanOrEqual(2);
  expect(checks[0]).toMatchObject({ outcome: 'fault', says: 'The endpoint did not answer within 0.5 s.' });
});

it.each(['0', 'soon', '1e9', 'Infinity'])('takes no --timeout of %s', async (timeout) => {
  let text = '';
  const output = { print: (one: string) => (text += one), warn: (one: string) => (text += one) };
  expect(await run(['doctor', 'https://app.example.com', '--timeout', timeout], output)).toBe(2);
  expect(text).toMatch(/--timeout is a number of seconds/);
});
