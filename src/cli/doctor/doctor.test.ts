import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  startSandbox,
  type FaultRule,
  type RunningSandbox,
  type SandboxOptions,
} from '../../sandbox/index.js';
import {
  alibabaEvents,
  createTokenEndpoint,
  createVendorEvents,
  huaweiEvents,
  s3Events,
  tencentEvents,
  toNodeListener,
  type Provider,
} from '../../server/index.js';
import type { Check } from '../report.js';
import { run } from '../run.js';
import { make, names } from '../test-support/clouds.js';
import { examineConfiguration, examineEndpoint, type DoctorOptions } from './doctor.js';

const secret = 'a secret of more than thirty-two characters';
const origin = 'https://app.example.com';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function open(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const sandbox = await startSandbox({
    processingMs: 0,
    ...options,
    s3: { ...options.s3, settings: { abortIncompleteAfterDays: 8, ...options.s3?.settings } },
  });
  cleanUps.push(() => sandbox.close());
  return sandbox;
}

async function setFaults(sandbox: RunningSandbox, ...rules: Partial<FaultRule>[]): Promise<void> {
  const response = await fetch(`${sandbox.url}/__sandbox/faults`, {
    method: 'POST',
    body: JSON.stringify({ rules }),
  });
  expect(response.status).toBe(200);
}

const examine = (provider: Provider, options: DoctorOptions = {}) =>
  examineConfiguration({ providers: [provider], secret }, { origins: [origin], ...options });
const troubles = (checks: readonly Check[]) => checks.filter(({ outcome }) => outcome === 'fault');
const found = (checks: readonly Check[], name: string) =>
  checks.filter(({ check, outcome }) => check === name && outcome !== 'ok');

/** The handler as a host mounts it, with every vendor that sends messages. */
async function serveEvents() {
  const sandbox = await open();
  const onMediaEvent = vi.fn();
  const handle = createVendorEvents({
    sources: [
      alibabaEvents({
        provider: make('alibaba-vod', sandbox),
        callbackUrl: 'https://app.example.com/vod/alibaba-vod',
        authKey: 'Key0',
      }),
      tencentEvents({ provider: make('tencent-vod', sandbox), signKey: 'Key1' }),
      huaweiEvents({
        provider: make('huawei-vod', sandbox),
        callbackKey: 'Key2',
        smn: { topics: ['urn:smn:cn-north-4:05:topic'] },
      }),
      s3Events({
        provider: make('s3', sandbox),
        bucket: 'videos',
        sns: { topics: ['arn:aws:sns:us-east-1:1:topic'] },
        webhook: { secret: 'Key3' },
      }),
    ],
    onMediaEvent,
  });
  return { events: `${await listen(toNodeListener(handle))}/vod`, onMediaEvent };
}

describe.each(names)('vodrop doctor with %s', (name) => {
  it('finds no fault in an endpoint that works, and leaves nothing behind', async () => {
    const sandbox = await open();
    const checks = await examine(make(name, sandbox));
    expect(checks.filter(({ outcome }) => outcome === 'fault' || outcome === 'warning')).toEqual([]);
    expect(checks.map(({ check }) => check)).toEqual(
      expect.arrayContaining([
        'secret',
        'keys',
        'start',
        'cors',
        'upload',
        'clock',
        'etag',
        'list',
        'discard',
      ]),
    );
    const left = (await (await fetch(`${sandbox.url}/__sandbox/uploads`)).json()) as unknown[];
    expect(left).toEqual([]);
  });

  it('names wrong keys as the cause', async () => {
    const sandbox = await open();
    const [fault] = troubles(await examine(make(name, sandbox, { secretKey: 'wrong' })));
    expect(fault).toMatchObject({ check: 'keys', of: name });
    expect(fault?.remedy).toMatch(/secret key/);
  });

  it('names the clock as the cause when the server’s differs from the cloud’s', async () => {
    const sandbox = await open({ now: () => Date.now() + 3 * 60_000 });
    const checks = await examine(make(name, sandbox));
    expect(JSON.stringify(found(checks, 'clock'))).toMatch(/1(79|80) seconds.*timedatectl/s);
  });

  it('names the origin that the store does not allow', async () => {
    const sandbox = await open({ settings: { allowedOrigins: ['https://other.example.com'] } });
    const [fault] = troubles(await examine(make(name, sandbox)));
    expect(fault).toMatchObject({ check: 'cors' });
    expect(fault?.says).toContain(origin);
    expect(fault?.remedy).toBeTruthy();
  });

  it('names a cloud that does not answer', async () => {
    const sandbox = await open();
    const provider = make(name, sandbox);
    await sandbox.close();
    const [fault] = troubles(await examine(provider));
    expect(fault).toMatchObject({ check: 'keys' });
    expect(fault?.remedy).toMatch(/network of the server/);
  });
});

describe('vodrop doctor with a bucket of the host', () => {
  it('finds that pages cannot read the ETag', async () => {
    const sandbox = await open({ s3: { settings: { exposeETag: false } } });
    const faults = troubles(await examine(make('s3', sandbox)));
    expect(faults.map(({ check }) => check)).toEqual(['etag']);
    expect(faults[0]?.remedy).toContain('ExposeHeader ETag');
  });

  it.each([
    ['stay', null, 'stay in the bucket'],
    ['are removed too early', 1, 'after 1 days'],
  ])('warns that unfinished uploads %s', async (_, abortIncompleteAfterDays, says) => {
    const sandbox = await open({ s3: { settings: { abortIncompleteAfterDays } } });
    const [warning] = found(await examine(make('s3', sandbox)), 'lifecycle');
    expect(warning).toMatchObject({ outcome: 'warning', says: expect.stringContaining(says) as string });
    expect(warning?.remedy).toContain('AbortIncompleteMultipartUpload');
  });

  it.each([
    ['CreateMultipartUpload', 'start'],
    ['UploadPart', 'upload'],
    ['AbortMultipartUpload', 'discard'],
    ['ListParts', 'keys'],
  ])('names the missing right to %s', async (action, check) => {
    const sandbox = await open();
    await setFaults(sandbox, {
      match: { action },
      times: null,
      effect: { status: 403, code: 'AccessDenied' },
    });
    const faults = troubles(await examine(make('s3', sandbox)));
    expect(faults.map((fault) => fault.check)).toContain(check);
    expect(faults.find((fault) => fault.check === check)?.remedy).toMatch(/right to do this/);
  });

  it('goes on where the keys may not read the lifecycle rule', async () => {
    const sandbox = await open();
    await setFaults(sandbox, {
      match: { action: 'GetBucketLifecycleConfiguration' },
      times: null,
      effect: { status: 403, code: 'AccessDenied' },
    });
    expect(found(await examine(make('s3', sandbox)), 'lifecycle')).toMatchObject([{ outcome: 'skipped' }]);
  });

  it('names a bucket that does not exist', async () => {
    const sandbox = await open();
    const [fault] = troubles(await examine(make('s3', sandbox, { bucket: 'missing-bucket' })));
    expect(fault?.remedy).toMatch(/no such bucket/);
  });

  it('names a region that is not the bucket’s', async () => {
    const sandbox = await open();
    const [fault] = troubles(await examine(make('s3', sandbox, { region: 'eu-west-9' })));
    expect(fault?.remedy).toMatch(/region/);
  });
});

describe('vodrop doctor with a configuration', () => {
  it('judges the secret without showing it', async () => {
    const weak = 'hunter2'.repeat(8);
    const checks = await examineConfiguration({ providers: [], secret: weak });
    expect(troubles(checks)[0]).toMatchObject({ check: 'secret' });
    expect(JSON.stringify(checks)).not.toContain('hunter2');
    expect(troubles(await examineConfiguration({ providers: [] }))[0]).toMatchObject({ check: 'secret' });
  });

  it('names an origin that no browser sends', async () => {
    const checks = await examineConfiguration({
      providers: [],
      secret,
      allowedOrigins: ['https://app.example.com/'],
    });
    expect(troubles(checks).map(({ check }) => check)).toEqual(['origins', 'providers']);
  });
});

async function listen(listener: Parameters<typeof createServer>[1]): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function serve(sandbox: RunningSandbox, isOpen = false): Promise<string> {
  const endpoint = createTokenEndpoint({
    providers: names.map((name) => make(name, sandbox)),
    authorize: (request) =>
      isOpen || request.headers.get('cookie') === 'session=ada' ? { id: 'ada' } : null,
    secret,
  });
  return `${await listen(toNodeListener(endpoint))}/api/uploads`;
}

describe('vodrop doctor with an address', () => {
  const options = { origins: [origin], headers: { cookie: 'session=ada' } };

  it('finds no fault in an endpoint that works, with every provider', async () => {
    const checks = await examineEndpoint(await serve(await open()), options);
    expect(troubles(checks)).toEqual([]);
    for (const name of names) expect(checks.map(({ of }) => of)).toContain(`${name}, parts`);
    expect(checks).toContainEqual(expect.objectContaining({ check: 'session', outcome: 'ok' }));
  });

  it('asks for a session where it has none', async () => {
    const [fault] = troubles(await examineEndpoint(await serve(await open()), { origins: [origin] }));
    expect(fault).toMatchObject({ check: 'describe', remedy: expect.stringContaining('--header') as string });
  });

  it('warns that callers without a session may upload', async () => {
    const checks = await examineEndpoint(await serve(await open(), true), options);
    expect(found(checks, 'session')).toMatchObject([{ outcome: 'warning' }]);
  });

  it('names an address where something else answers, and one where nothing does', async () => {
    const page = await listen((_, response) => response.end('<!doctype html>'));
    expect(troubles(await examineEndpoint(page, options))[0]).toMatchObject({ check: 'address' });
    expect(troubles(await examineEndpoint('http://127.0.0.1:1', options))[0]).toMatchObject({
      check: 'address',
    });
  });

  it.each([
    [200, 'signature'],
    [301, 'address'],
    [404, 'address'],
    [500, 'address'],
  ])('finds a fault in a handler of events that answers %i to an unsigned event', async (status, check) => {
    const events = await listen((_, response) => response.writeHead(status).end());
    const checks = await examineConfiguration({ providers: [], secret }, { events });
    expect(troubles(checks)).toContainEqual(expect.objectContaining({ of: 'events', check }));
  });

  it.each(['alibaba-vod', 'tencent-vod', 'huawei-vod', 's3'])(
    'accepts the address of %s at a handler of createVendorEvents, which refuses an unsigned event',
    async (name) => {
      const { events, onMediaEvent } = await serveEvents();
      const checks = await examineConfiguration({ providers: [], secret }, { events: `${events}/${name}` });
      expect(troubles(checks).filter(({ of }) => of === 'events')).toEqual([]);
      expect(checks).toContainEqual(
        expect.objectContaining({ of: 'events', check: 'signature', outcome: 'ok' }),
      );
      expect(onMediaEvent).not.toHaveBeenCalled();
    },
  );

  it('finds a fault in an address of a handler of createVendorEvents that no source has', async () => {
    const { events } = await serveEvents();
    const checks = await examineConfiguration({ providers: [], secret }, { events: `${events}/minio` });
    expect(troubles(checks)).toContainEqual(expect.objectContaining({ of: 'events', check: 'address' }));
  });
});

describe('npx vodrop doctor', () => {
  const call = async (...args: string[]) => {
    let [out, err] = ['', ''];
    const code = await run(args, { print: (text) => (out += text), warn: (text) => (err += text) });
    return { code, out, err };
  };
  const inModule = async (source: string) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'vodrop-doctor-'));
    cleanUps.push(() => rm(folder, { recursive: true }));
    const file = path.join(folder, 'uploads.config.mjs');
    await writeFile(file, source);
    return file;
  };

  it('exits with 0 for an endpoint that works and 1 for a fault, as text and as JSON, without a key', async () => {
    const sandbox = await open();
    const url = await serve(sandbox);
    const args = ['doctor', url, '--origin', origin];
    const sound = await call(...args, '--header', 'cookie: session=ada', '--json');
    expect(sound.code).toBe(0);
    expect(JSON.parse(sound.out)).toMatchObject({ isSound: true, counts: { fault: 0 } });
    const faulty = await call(...args);
    expect(faulty.code).toBe(1);
    expect(faulty.out).toMatch(/FAULT {4}endpoint · describe: .*\n {9}→ /);
    const keys = Object.values(sandbox.credentials).flatMap((account) =>
      Object.entries(account as object).flatMap(([name, value]) =>
        /key|secret|password/i.test(name) && typeof value === 'string' ? [value] : [],
      ),
    );
    for (const text of [sound.out, faulty.out]) {
      for (const key of keys) expect(text).not.toContain(key);
      expect(text).not.toMatch(/session=ada|Signature=|X-Amz-|eyJ/);
    }
  });

  it('reads the options from the default export of a module', async () => {
    const file = await inModule(`export default () => ({ providers: [], secret: 'short' });`);
    const { code, out } = await call('doctor', file);
    expect(code).toBe(1);
    expect(out).toMatch(/configuration · secret/);
  });

  it.each([
    ['no command', []],
    ['an unknown command', ['doctr', 'x']],
    ['no target', ['doctor']],
    ['an unknown flag', ['doctor', 'x', '--what']],
    ['a file that is not there', ['doctor', './missing.mjs']],
    ['a header that is none', ['doctor', 'http://127.0.0.1:1', '--header', 'secret-session']],
  ])('exits with 2 for %s', async (_, args) => {
    const { code, out, err } = await call(...args);
    expect(code).toBe(2);
    expect(out + err).not.toBe('');
    expect(out + err).not.toContain('secret-session');
  });

  it('exits with 2 for a module that exports something else', async () => {
    const { code, err } = await call('doctor', await inModule('export const secret = 1;'));
    expect(code).toBe(2);
    expect(err).toMatch(/default/);
  });
});
