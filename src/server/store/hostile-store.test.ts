import { describe, expect, it } from 'vitest';
import { EndpointError } from '../errors.js';
import { s3, type S3Options } from '../providers/s3/index.js';
import { fakeContext } from '../test-support/fake-provider.js';

const hash = 'd41d8cd98f00b204e9800998ecf8427e';
const initiated = '<InitiateMultipartUploadResult><UploadId>u</UploadId></InitiateMultipartUploadResult>';
const part = (number: number, eTag = `"${hash}"`): string =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${eTag}</ETag><Size>5</Size></Part>`;
const sizeBytes = 20_000_000;

type Answer = string | Uint8Array | Response;

/** An upload at a store whose answers, after the one to the initiation, come from `answer`. */
async function opened(answer: (url: URL, count: number) => Answer, options: Partial<S3Options> = {}) {
  let count = 0;
  const provider = s3({
    bucket: 'b',
    region: 'r',
    endpoint: 'https://store.test',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    retry: { tries: 1, sleep: () => Promise.resolve() },
    fetch: (input, init) => {
      const url = new URL(input instanceof Request ? input.url : input);
      if (init?.method === 'POST' && url.searchParams.has('uploads'))
        return Promise.resolve(new Response(initiated));
      const reply = answer(url, (count += 1));
      return Promise.resolve(reply instanceof Response ? reply : new Response(reply as BodyInit));
    },
    ...options,
  });
  const upload = { clientId: 'c', fileName: 'clip.mp4', sizeBytes, contentType: '' };
  const started = await provider.start(upload, fakeContext());
  if (started === 'checksum-required') throw new Error('none needed');
  const { mediaId, transfer, state } = started;
  const session = { id: 'x', fileName: 'clip.mp4', sizeBytes, mediaId, transfer, state };
  const sizes = [sizeBytes / 2, sizeBytes / 2];
  const md5Base64 = Buffer.from(hash, 'hex').toString('base64');
  return {
    /** The whole upload, as the store lists it. */
    whole: `<ListPartsResult>${sizes.map((size, i) => part(i + 1).replace('>5<', `>${size}<`)).join('')}</ListPartsResult>`,
    list: () => provider.list(session, fakeContext()),
    complete: () =>
      provider.complete(
        session,
        sizes.map((size, i) => ({ partNumber: i + 1, sizeBytes: size, md5Base64 })),
        { isRepeat: false },
        fakeContext(),
      ),
    sweep: () => provider.listUnfinished?.(Date.now(), fakeContext()),
    asked: () => count,
  };
}

async function codeOf(call: Promise<unknown>): Promise<string> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof EndpointError ? error.code : String(error);
}

function utf16(text: string, isBigEndian: boolean, hasMark = true): Uint8Array {
  const bytes = Buffer.from(`${hasMark ? '\ufeff' : ''}${text}`, 'utf16le');
  return isBigEndian ? bytes.swap16() : bytes;
}

describe('lists of parts', () => {
  const page = (content: string): string => `<ListPartsResult>${content}</ListPartsResult>`;
  const expected = [{ partNumber: 1, sizeBytes: 5, eTag: hash }];

  it.each<[string, Answer]>([
    ['UTF-16 from the small end', utf16(page(part(1)), false)],
    ['UTF-16 from the big end', utf16(`<?xml version="1.0" encoding="UTF-16"?>${page(part(1))}`, true)],
    [
      'UTF-16 by its type',
      new Response(utf16(page(part(1)), false, false) as BodyInit, {
        headers: { 'content-type': 'application/xml; charset=utf-16le' },
      }),
    ],
    ['UTF-8 with a byte order mark', `\ufeff${page(part(1))}`],
  ])('are read in %s', async (_, answer) => {
    expect(await (await opened(() => answer)).list()).toEqual(expected);
  });

  it('are read where the byte order mark comes byte by byte', async () => {
    const bytes = utf16(page(part(1)), true);
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    expect(await (await opened(() => new Response(body))).list()).toEqual(expected);
  });

  it('are read page by page where the store names the next page by its last part only', async () => {
    const { list, asked } = await opened((url) => {
      const marker = Number(url.searchParams.get('part-number-marker'));
      return page(`<IsTruncated>${marker < 2 ? 'True' : '0'}</IsTruncated>${part(marker + 1)}`);
    });
    expect((await list())?.map(({ partNumber }) => partNumber)).toEqual([1, 2, 3]);
    expect(asked()).toBe(3);
  });

  it.each([
    ['the same page', '<NextPartNumberMarker>0</NextPartNumberMarker>'],
    ['a page that has no number', '<NextPartNumberMarker>next</NextPartNumberMarker>'],
    ['a page at infinity', '<NextPartNumberMarker>1e999</NextPartNumberMarker>'],
    ['a page far away', '<NextPartNumberMarker>999999999</NextPartNumberMarker>'],
    ['a page before', '<NextPartNumberMarker>-1</NextPartNumberMarker>'],
  ])('end where the store names as the next page %s', async (_, next) => {
    const { list, asked } = await opened(() => page(`<IsTruncated>true</IsTruncated>${next}${part(1)}`));
    expect(await codeOf(list())).toBe('vendor-invalid-reply');
    expect(asked()).toBeLessThan(3);
  });

  it('end where pages are empty', async () => {
    const { list, asked } = await opened((_, count) =>
      page(`<IsTruncated>true</IsTruncated><NextPartNumberMarker>${count}</NextPartNumberMarker>`),
    );
    expect(await codeOf(list())).toBe('vendor-invalid-reply');
    expect(asked()).toBe(1);
  });
});

it('ends a sweep where the store names the same pages in turn', async () => {
  const { sweep, asked } = await opened(
    (_, count) =>
      `<ListMultipartUploadsResult><IsTruncated>true</IsTruncated><NextKeyMarker>${count % 2 ? 'a' : 'b'}</NextKeyMarker></ListMultipartUploadsResult>`,
  );
  expect(await sweep()).toEqual([]);
  expect(asked()).toBeLessThan(5);
});

/** What a store, a proxy or an attacker may send instead of an answer. */
const unreadable: readonly (readonly [string, string | Uint8Array])[] = [
  ['nothing', ''],
  ['spaces', '   \n'],
  ['text', 'Service Unavailable'],
  ['JSON', '{"ListPartsResult":{}}'],
  ['an HTML page as XML', '<!doctype html><html><body>Bad gateway</body></html>'],
  ['XHTML', '<html xmlns="http://www.w3.org/1999/xhtml"><body>Error</body></html>'],
  ['half a document', '<ListPartsResult><Part><PartNumber>1'],
  [
    'entities that expand',
    '<!DOCTYPE a [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><ListPartsResult>&b;</ListPartsResult>',
  ],
  ['half a character of UTF-16', new Uint8Array([0xff, 0xfe, 0x3c])],
  ['one byte', new Uint8Array([0xff])],
  ['bytes that are no text', new Uint8Array(1000).map((_, i) => (i * 7919) % 256)],
  ['deep elements', '<a>'.repeat(100_000)],
  [
    'a part without a number',
    `<ListPartsResult><Part><ETag>${hash}</ETag><Size>5</Size></Part></ListPartsResult>`,
  ],
  ['a number that is too large', `<ListPartsResult>${part(1).replace('>1<', '>1e3<')}</ListPartsResult>`],
];

describe.each(unreadable)('a store that answers with %s', (_, answer) => {
  it('gets vendor-invalid-reply for a list of parts', async () => {
    expect(await codeOf((await opened(() => answer)).list())).toBe('vendor-invalid-reply');
  });

  it('gets vendor-invalid-reply for a completion', async () => {
    const world = await opened(() => (state.isListed ? answer : ((state.isListed = true), world.whole)));
    const state = { isListed: false };
    expect(await codeOf(world.complete())).toBe('vendor-invalid-reply');
    expect(world.asked()).toBeGreaterThan(1);
  });
});
