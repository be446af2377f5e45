import { createHash } from 'node:crypto';
import { sendS3, type S3Answer, type S3Request, type S3Target } from './s3-raw.js';

type Send = (request: Partial<S3Request>) => Promise<S3Answer>;
/** One or several requests whose answers are compared. `see` records an answer. */
type Scenario = (
  send: Send,
  see: (answer: S3Answer | Promise<S3Answer>) => Promise<void>,
  key: string,
) => Promise<void>;

const first = 'the first body';
const second = 'another body';
const etagOfFirst = `"${createHash('md5').update(first).digest('hex')}"`;
const past = 'Sat, 29 Oct 1994 19:43:31 GMT';
const future = 'Sat, 29 Oct 2095 19:43:31 GMT';
const partBytes = Buffer.alloc(5 * 1024 * 1024, 'p');

type Headers = Record<string, string>;
type Query = Record<string, string>;

/** Reads `first`, with conditions, ranges or parameters. */
const reads: Record<string, { method?: string; headers?: Headers; query?: Query; missing?: true }> = {
  GET: {},
  HEAD: { method: 'HEAD' },
  'GET of a missing key': { missing: true },
  'HEAD of a missing key': { method: 'HEAD', missing: true },
  'GET If-Match of its ETag': { headers: { 'if-match': etagOfFirst } },
  'GET If-Match of its ETag without quotes': { headers: { 'if-match': etagOfFirst.slice(1, -1) } },
  'GET If-Match of another ETag': { headers: { 'if-match': '"abc"' } },
  'GET If-Match of two ETags': { headers: { 'if-match': `"abc", ${etagOfFirst}` } },
  'GET If-Match *': { headers: { 'if-match': '*' } },
  'GET If-Match * of a missing key': { headers: { 'if-match': '*' }, missing: true },
  'GET If-Match of its weak ETag': { headers: { 'if-match': `W/${etagOfFirst}` } },
  'GET If-Match of its ETag before another': { headers: { 'if-match': `${etagOfFirst}, "abc"` } },
  'GET If-Match of its ETag in upper case': { headers: { 'if-match': etagOfFirst.toUpperCase() } },
  'GET If-Match of nothing': { headers: { 'if-match': '' } },
  'GET If-None-Match of nothing': { headers: { 'if-none-match': '' } },
  'GET If-None-Match of a quoted *': { headers: { 'if-none-match': '"*"' } },
  'GET If-None-Match of its ETag before another': { headers: { 'if-none-match': `${etagOfFirst}, "abc"` } },
  'GET If-None-Match of its ETag with more behind': {
    headers: { 'if-none-match': `${etagOfFirst.slice(1, -1)}-9` },
  },
  'GET If-None-Match of the beginning of its ETag': {
    headers: { 'if-none-match': etagOfFirst.slice(1, 11) },
  },
  'GET If-None-Match of its ETag': { headers: { 'if-none-match': etagOfFirst } },
  'GET If-None-Match of its weak ETag': { headers: { 'if-none-match': `W/${etagOfFirst}` } },
  'GET If-None-Match of two ETags': { headers: { 'if-none-match': `"abc", ${etagOfFirst}` } },
  'GET If-None-Match of another ETag': { headers: { 'if-none-match': 'abc' } },
  'GET If-None-Match *': { headers: { 'if-none-match': '*' } },
  'GET If-Modified-Since, long ago': { headers: { 'if-modified-since': past } },
  'GET If-Modified-Since, in the future': { headers: { 'if-modified-since': future } },
  'GET If-Modified-Since, no date': { headers: { 'if-modified-since': 'yesterday' } },
  ...Object.fromEntries(
    [
      'Sat Oct 29 19:43:31 2095',
      'Saturday, 29-Oct-67 19:43:31 GMT',
      '2095-10-29T19:43:31Z',
      'Sat, 29 Oct 2095 19:43:31 +0100',
      'Sat, 9 Oct 2095 19:43:31 GMT',
      'Sat, 29 Oct 2095 19:43:31 CET',
      'Sat, 29 Oct 2095 19:43:31',
      '29 Oct 2095 19:43:31 GMT',
      '4000000000',
      '',
    ].flatMap((date): [string, { headers: Headers }][] => [
      [`GET If-Modified-Since ${date}`, { headers: { 'if-modified-since': date } }],
      [`GET If-Unmodified-Since ${date}`, { headers: { 'if-unmodified-since': date } }],
    ]),
  ),
  'GET If-Unmodified-Since, long ago': { headers: { 'if-unmodified-since': past } },
  'GET If-Unmodified-Since, in the future': { headers: { 'if-unmodified-since': future } },
  'GET If-Match of its ETag, If-Unmodified-Since long ago': {
    headers: { 'if-match': etagOfFirst, 'if-unmodified-since': past },
  },
  'GET If-None-Match of another ETag, If-Modified-Since in the future': {
    headers: { 'if-none-match': '"abc"', 'if-modified-since': future },
  },
  'HEAD If-Match of another ETag': { method: 'HEAD', headers: { 'if-match': '"abc"' } },
  'HEAD If-None-Match of its ETag': { method: 'HEAD', headers: { 'if-none-match': etagOfFirst } },
  'GET bytes=0-3': { headers: { range: 'bytes=0-3' } },
  'HEAD bytes=0-3': { method: 'HEAD', headers: { range: 'bytes=0-3' } },
  'GET bytes=-4': { headers: { range: 'bytes=-4' } },
  'GET bytes=-400': { headers: { range: 'bytes=-400' } },
  'GET bytes=-0': { headers: { range: 'bytes=-0' } },
  'GET bytes=5-': { headers: { range: 'bytes=5-' } },
  'GET bytes=0-': { headers: { range: 'bytes=0-' } },
  'GET bytes=13-13': { headers: { range: 'bytes=13-13' } },
  'GET bytes=14-': { headers: { range: 'bytes=14-' } },
  'GET bytes=500-600': { headers: { range: 'bytes=500-600' } },
  'GET bytes=5-600': { headers: { range: 'bytes=5-600' } },
  'GET bytes=5-2': { headers: { range: 'bytes=5-2' } },
  'GET bytes=0-1,3-4': { headers: { range: 'bytes=0-1,3-4' } },
  'GET bytes=3-4,0-1': { headers: { range: 'bytes=3-4,0-1' } },
  'GET bytes= 0-3': { headers: { range: 'bytes= 0-3' } },
  'GET bytes=3': { headers: { range: 'bytes=3' } },
  'GET BYTES=0-3': { headers: { range: 'BYTES=0-3' } },
  'GET bytes =0-3': { headers: { range: 'bytes =0-3' } },
  'GET bytes=2-a': { headers: { range: 'bytes=2-a' } },
  'GET bytes=a-b': { headers: { range: 'bytes=a-b' } },
  'GET bytes=-': { headers: { range: 'bytes=-' } },
  'GET lines=0-1': { headers: { range: 'lines=0-1' } },
  'GET a range If-Match of another ETag': { headers: { range: 'bytes=0-3', 'if-match': '"abc"' } },
  'GET a range If-Range of its ETag': { headers: { range: 'bytes=0-3', 'if-range': etagOfFirst } },
  'GET partNumber=1': { query: { partNumber: '1' } },
  'GET partNumber=2': { query: { partNumber: '2' } },
  'HEAD partNumber=1': { method: 'HEAD', query: { partNumber: '1' } },
  'GET with a checksum mode': { headers: { 'x-amz-checksum-mode': 'ENABLED' } },
  'GET with headers of the answer': {
    query: {
      'response-content-type': 'text/x',
      'response-cache-control': 'no-cache',
      'response-content-disposition': 'inline',
      'response-content-language': 'eo',
      'response-content-encoding': 'aaa',
      'response-expires': '123',
    },
  },
  'GET of parts of an unknown upload': { query: { uploadId: 'none' } },
};

/** Writes over `first`, or where no object is. */
const writes: Record<string, { headers?: Headers; missing?: true; method?: string; body?: string }> = {
  PUT: {},
  'PUT of no bytes': { body: '' },
  'PUT If-Match of its ETag': { headers: { 'if-match': etagOfFirst } },
  'PUT If-Match of its ETag without quotes': { headers: { 'if-match': etagOfFirst.slice(1, -1) } },
  'PUT If-Match of another ETag': { headers: { 'if-match': '"abc"' } },
  'PUT If-Match *': { headers: { 'if-match': '*' } },
  'PUT If-Match * to a new key': { headers: { 'if-match': '*' }, missing: true },
  'PUT If-Match of an ETag to a new key': { headers: { 'if-match': etagOfFirst }, missing: true },
  'PUT If-Match of its weak ETag': { headers: { 'if-match': `W/${etagOfFirst}` } },
  'PUT If-Match of its ETag before another': { headers: { 'if-match': `${etagOfFirst.slice(1, -1)},"abc"` } },
  'PUT If-Match of a list with *': { headers: { 'if-match': '*, "abc"' } },
  'PUT If-Match of a quoted *': { headers: { 'if-match': '"*"' } },
  'PUT If-Match of nothing': { headers: { 'if-match': '' } },
  'PUT If-Match * and If-None-Match *': { headers: { 'if-match': '*', 'if-none-match': '*' } },
  'PUT If-Match * and If-None-Match * to a new key': {
    headers: { 'if-match': '*', 'if-none-match': '*' },
    missing: true,
  },
  'PUT If-Match of its ETag and If-None-Match of another': {
    headers: { 'if-match': etagOfFirst.slice(1, -1), 'if-none-match': 'abc' },
  },
  'PUT If-Unmodified-Since, long ago': { headers: { 'if-unmodified-since': past } },
  'PUT If-Modified-Since, in the future': { headers: { 'if-modified-since': future } },
  'PUT If-None-Match of nothing': { headers: { 'if-none-match': '' } },
  'PUT If-None-Match of nothing to a new key': { headers: { 'if-none-match': '' }, missing: true },
  'PUT If-None-Match of an ETag to a new key': { headers: { 'if-none-match': '"abc"' }, missing: true },
  'PUT If-None-Match of a quoted *': { headers: { 'if-none-match': '"*"' } },
  'PUT If-None-Match of a list with *': { headers: { 'if-none-match': '*, "abc"' } },
  'PUT If-None-Match of its ETag before another': {
    headers: { 'if-none-match': `${etagOfFirst.slice(1, -1)},"abc"` },
  },
  'PUT with an Expect of nothing': { headers: { expect: '' } },
  'PUT with an Expect of 200': { headers: { expect: '200' } },
  'PUT If-None-Match of its ETag': { headers: { 'if-none-match': etagOfFirst } },
  'PUT If-None-Match of its ETag without quotes': { headers: { 'if-none-match': etagOfFirst.slice(1, -1) } },
  'PUT If-None-Match of another ETag': { headers: { 'if-none-match': '"abc"' } },
  'PUT If-None-Match *': { headers: { 'if-none-match': '*' } },
  'PUT If-None-Match * to a new key': { headers: { 'if-none-match': '*' }, missing: true },
  'PUT with its MD5': { headers: { 'content-md5': md5Base64(second) } },
  'PUT with another MD5': { headers: { 'content-md5': md5Base64(first) } },
  'PUT with an MD5 of 3 characters': { headers: { 'content-md5': 'abc' } },
  'PUT with an empty MD5': { headers: { 'content-md5': '' } },
  'PUT x-amz-acl of no canned ACL': { headers: { 'x-amz-acl': 'everybody' } },
  'PUT x-amz-acl public-read': { headers: { 'x-amz-acl': 'public-read' } },
  'PUT with an SHA-256 of other bytes': {
    headers: { 'x-amz-content-sha256': createHash('sha256').update(first).digest('hex') },
  },
  DELETE: { method: 'DELETE' },
  'DELETE of a missing key': { method: 'DELETE', missing: true },
  'DELETE If-Match of another ETag': { method: 'DELETE', headers: { 'if-match': '"abc"' } },
  'DELETE of an unknown upload': { method: 'DELETE' },
};

/** Headers that describe an object, for a PUT and for a multipart upload. */
const descriptions: Record<string, Headers> = {
  'no type': {},
  'a type': { 'content-type': 'video/mp4' },
  'a type with a parameter': { 'content-type': 'text/plain; charset=x' },
  'an empty type': { 'content-type': '' },
  metadata: { 'x-amz-meta-a': 'one' },
  'empty metadata': { 'x-amz-meta-a': '' },
  'metadata with spaces': { 'x-amz-meta-a': 'one  two' },
  'metadata in mixed case': { 'X-Amz-Meta-MiXed': 'V' },
  'metadata with two names': { 'x-amz-meta-a': '1', 'x-amz-meta-b': '2' },
  'metadata with an underscore': { 'x-amz-meta-a_b': '1' },
  'metadata of 2,049 bytes': { 'x-amz-meta-a': 'x'.repeat(2048) },
  'metadata of 9,000 bytes': { 'x-amz-meta-a': 'x'.repeat(9000) },
  'metadata beyond ASCII': { 'x-amz-meta-a': 'Grüße 中 😀' },
  'metadata of 100 names': Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`x-amz-meta-n${index}`, 'v']),
  ),
  'Content-Disposition beyond ASCII': { 'content-disposition': 'attachment; filename="Grüße 中.mp4"' },
  'Cache-Control': { 'cache-control': 'public, max-age=14400' },
  'Content-Disposition': { 'content-disposition': 'attachment; filename="x"' },
  'Content-Encoding': { 'content-encoding': 'x-test' },
  'Content-Encoding aws-chunked': { 'content-encoding': 'aws-chunked' },
  'Content-Encoding aws-chunked,x-test': { 'content-encoding': 'aws-chunked,x-test' },
  'Content-Encoding x-test, aws-chunked': { 'content-encoding': 'x-test, aws-chunked' },
  'Content-Language': { 'content-language': 'de' },
  Expires: { expires: 'Tue, 07 Jun 2095 20:41:41 GMT' },
  'Expires of no date': { expires: '123' },
};

/** Complete requests for two stored parts, of 5 MiB and a few bytes. */
const completions: Record<string, { parts: (etags: string[]) => [number, string][]; headers?: Headers }> = {
  'with both parts': {
    parts: ([a = '', b = '']) => [
      [1, a],
      [2, b],
    ],
  },
  'with ETags without quotes': {
    parts: ([a = '', b = '']) => [
      [1, a.replaceAll('"', '')],
      [2, b.replaceAll('"', '')],
    ],
  },
  'with a decimal reference for quotes': {
    parts: ([a = '', b = '']) => [
      [1, a.replaceAll('"', '&#34;')],
      [2, b.replaceAll('"', '&quot;')],
    ],
  },
  'in upper case': {
    parts: ([a = '', b = '']) => [
      [1, a.toUpperCase()],
      [2, b.toUpperCase()],
    ],
  },
  'without the last part': { parts: ([a = '']) => [[1, a]] },
  'without the first part': { parts: ([, b = '']) => [[2, b]] },
  'with another ETag': {
    parts: ([a = '', b = '']) => [
      [1, b],
      [2, a],
    ],
  },
  'with a part that is not stored': {
    parts: ([a = '', b = '']) => [
      [1, a],
      [2, b],
      [3, b],
    ],
  },
  'in descending order': {
    parts: ([a = '', b = '']) => [
      [2, b],
      [1, a],
    ],
  },
  'with a part twice': {
    parts: ([a = '', b = '']) => [
      [1, a],
      [1, a],
      [2, b],
    ],
  },
  'with a part twice, last with another ETag': {
    parts: ([a = '', b = '']) => [
      [1, a],
      [2, b],
      [1, b],
    ],
  },
  'with no part': { parts: () => [] },
  'If-None-Match *': {
    parts: ([a = '', b = '']) => [
      [1, a],
      [2, b],
    ],
    headers: { 'if-none-match': '*' },
  },
  'If-Match of another ETag': {
    parts: ([a = '', b = '']) => [
      [1, a],
      [2, b],
    ],
    headers: { 'if-match': '"abc"' },
  },
};

const onePart = (etag: string, number = '1'): string =>
  `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`;
const root = (content: string, attribute = ''): string =>
  `<CompleteMultipartUpload${attribute}>${content}</CompleteMultipartUpload>`;
const hexReferences = (text: string): string =>
  Array.from(text, (character) => `&#x${character.charCodeAt(0).toString(16)};`).join('');

/** Ways to write the same complete request, and some that are no XML or name no part. */
const completeForms: Record<string, (etag: string) => string | Buffer> = {
  'with a declaration and a namespace': (etag) =>
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n${root(onePart(etag), ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"')}\n`,
  'with a namespace of another': (etag) => root(onePart(etag), ' xmlns="urn:other"'),
  'with prefixes': (etag) =>
    root(onePart(etag), ' xmlns="urn:s3"')
      .replaceAll(/<(\/?)/g, '<$1s3:')
      .replace('xmlns=', 'xmlns:s3='),
  'with a byte order mark': (etag) => `\ufeff${root(onePart(etag))}`,
  'with comments and an instruction': (etag) =>
    `<!-- & -->${root(`<?a b?>${onePart(`${etag}<!-- c -->`)}`)}<!-- z -->`,
  'in CDATA': (etag) => root(onePart(`<![CDATA[${etag}]]>`)),
  'in hexadecimal references': (etag) => root(onePart(hexReferences(etag), '&#x31;')),
  'in UTF-16': (etag) =>
    Buffer.from(`\ufeff<?xml version="1.0" encoding="UTF-16"?>${root(onePart(etag))}`, 'utf16le'),
  'with a number with zeros': (etag) => root(onePart(etag, '0001')),
  'with a number with a plus': (etag) => root(onePart(etag, '+1')),
  'with spaces around the values': (etag) => root(onePart(` ${etag} `, ' 1 ')),
  'with other elements': (etag) =>
    root(`<Other/>${onePart(etag).replace('</Part>', '<Size>5</Size></Part>')}`),
  'with the ETag before the number': (etag) =>
    root(`<Part><ETag>${etag}</ETag><PartNumber>1</PartNumber></Part>`),
  'in lower case elements': (etag) => root(onePart(etag)).toLowerCase(),
  'with a document type': (etag) => `<!DOCTYPE a>${root(onePart(etag))}`,
  'with no ETag': () => root('<Part><PartNumber>1</PartNumber></Part>'),
  'with an empty ETag': () => root(onePart('')),
  'with no number': (etag) => root(`<Part><ETag>${etag}</ETag></Part>`),
  'with number 0': (etag) => root(onePart(etag, '0')),
  'with number 10001': (etag) => root(onePart(etag, '10001')),
  'with half a quoted ETag': (etag) => root(onePart(etag.slice(1))),
  'with a weak ETag': (etag) => root(onePart(`W/${etag}`)),
  'with two roots': (etag) => root(onePart(etag)) + root(''),
  'with text behind it': (etag) => `${root(onePart(etag))}text`,
  'in JSON': () => '{"a":1}',
  'in HTML': () => '<html><body>x</body></html>',
};

const listedKeys = ['a', 'b/1', 'b/2', 'c d+e', 'x\ny', 'z&<>"', 'ü'];

/** Parameters of lists of `listedKeys`, where `KEY` stands for the prefix of all of them. */
const listings: Record<string, Query> = Object.fromEntries(
  Object.entries<Query>({ '': {}, ', version 2': { 'list-type': '2' } }).flatMap(([version, type]) =>
    Object.entries<Query>({
      whole: {},
      encoded: { 'encoding-type': 'url' },
      'with an unknown encoding': { 'encoding-type': 'base64' },
      'with a delimiter': { delimiter: '/' },
      'with another delimiter, encoded': { delimiter: 'b', 'encoding-type': 'url' },
      'with an empty delimiter': { delimiter: '' },
      'of one, with a delimiter': { delimiter: '/', 'max-keys': '1' },
      'of two, with a delimiter': { delimiter: '/', 'max-keys': '2' },
      'of two': { 'max-keys': '2' },
      'of none': { 'max-keys': '0' },
      'of less than none': { 'max-keys': '-1' },
      'of an empty number': { 'max-keys': '' },
      'of too many': { 'max-keys': '5000' },
      'after a key': { marker: 'KEY/b/1', 'start-after': 'KEY/b/1' },
      'after a common prefix': { marker: 'KEY/b/', 'start-after': 'KEY/b/', delimiter: '/' },
      'after no key': { marker: '', 'start-after': '' },
      'below a longer prefix': { prefix: 'KEY/b/', delimiter: '/' },
      'with the owners': { 'fetch-owner': 'true' },
      'without the owners': { 'fetch-owner': 'false' },
      'with an empty token': { 'continuation-token': '' },
      'with a token that is a key': { 'continuation-token': 'KEY/b/2' },
    }).map(([name, query]) => [`${name}${version}`, { ...type, ...query }]),
  ),
);

function withKey(query: Query, key: string): Query {
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, value.replace('KEY', key)]));
}

const scenarios: Record<string, Scenario> = {
  ...Object.fromEntries(
    Object.entries(reads).map(([name, { missing, ...request }]): [string, Scenario] => [
      name,
      async (send, see) => {
        if (!missing) await send({ method: 'PUT', body: first });
        await see(send({ method: 'GET', ...request }));
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(writes).map(([name, { missing, ...request }]): [string, Scenario] => [
      name,
      async (send, see) => {
        if (!missing) await send({ method: 'PUT', body: first });
        const query = name.includes('upload') ? { uploadId: 'none' } : undefined;
        await see(
          send({ method: 'PUT', body: request.method === undefined ? second : undefined, query, ...request }),
        );
        await see(send({ method: 'GET' }));
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(descriptions).map(([name, headers]): [string, Scenario] => [
      `PUT with ${name}`,
      async (send, see) => {
        await see(send({ method: 'PUT', headers, body: second }));
        await see(send({ method: 'HEAD' }));
        await see(send({ method: 'GET' }));
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(descriptions).map(([name, headers]): [string, Scenario] => [
      `multipart upload with ${name}`,
      async (send, see) => {
        const started = await send({ method: 'POST', query: { uploads: '' }, headers });
        await see(started);
        const uploadId = uploadIdOf(started);
        const part = await send({ method: 'PUT', query: { uploadId, partNumber: '1' }, body: second });
        const body = completeBody([[1, part.headers['etag'] ?? '']]);
        await see(send({ method: 'POST', query: { uploadId }, body }));
        await see(send({ method: 'HEAD' }));
        await see(send({ method: 'GET', headers: { range: 'bytes=1-3' } }));
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(completions).map(([name, { parts, headers }]): [string, Scenario] => [
      `complete over an object, ${name}`,
      async (send, see) => {
        await send({ method: 'PUT', body: first });
        const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
        const etags: string[] = [];
        for (const [index, body] of [partBytes, second].entries()) {
          const put = await send({
            method: 'PUT',
            query: { uploadId, partNumber: String(index + 1) },
            body,
          });
          etags.push(put.headers['etag'] ?? '');
        }
        const body = completeBody(parts(etags));
        await see(send({ method: 'POST', query: { uploadId }, headers, body }));
        await see(send({ method: 'HEAD' }));
        await see(send({ method: 'POST', query: { uploadId }, headers, body }));
        await see(send({ method: 'GET', query: { uploadId } }));
        await send({ method: 'DELETE', query: { uploadId } });
      },
    ]),
  ),
  'parts of an upload': async (send, see) => {
    const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
    const part = (partNumber: string, headers?: Headers): Promise<S3Answer> =>
      send({ method: 'PUT', query: { uploadId, partNumber }, headers, body: second });
    await see(part('1'));
    await see(part('1', { 'content-md5': md5Base64(second) }));
    await see(part('1', { 'content-md5': md5Base64(first) }));
    await see(part('2'));
    await see(part('10000'));
    const list = (query: Query): Promise<S3Answer> => send({ method: 'GET', query: { uploadId, ...query } });
    await see(list({}));
    await see(list({ 'max-parts': '2' }));
    await see(list({ 'max-parts': '2', 'part-number-marker': '2' }));
    await see(list({ 'part-number-marker': '10000' }));
    await see(list({ 'max-parts': '0' }));
    await see(list({ 'max-parts': 'many' }));
    await see(send({ method: 'DELETE', query: { uploadId } }));
    await see(part('1'));
    await see(list({}));
    await see(send({ method: 'DELETE', query: { uploadId } }));
  },
  'a part number that is not one of 1 to 10000': async (send, see) => {
    const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
    for (const partNumber of ['0', '10001', 'one', '-1', ''])
      await see(send({ method: 'PUT', query: { uploadId, partNumber }, body: second }));
    await send({ method: 'DELETE', query: { uploadId } });
  },
  'a complete request with parts below the minimum': async (send, see) => {
    const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
    const etags: [number, string][] = [];
    for (const number of [1, 2]) {
      const query = { uploadId, partNumber: String(number) };
      const { headers } = await send({ method: 'PUT', query, body: second });
      etags.push([number, headers['etag'] ?? '']);
    }
    await see(send({ method: 'POST', query: { uploadId }, body: completeBody(etags) }));
    await see(send({ method: 'GET', query: { uploadId } }));
    await send({ method: 'DELETE', query: { uploadId } });
  },
  'a complete request of invalid XML': async (send, see) => {
    const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
    await send({ method: 'PUT', query: { uploadId, partNumber: '1' }, body: second });
    for (const body of [
      '',
      'text',
      '<Other/>',
      '<CompleteMultipartUpload><Part>',
      '<CompleteMultipartUpload/>',
    ])
      await see(send({ method: 'POST', query: { uploadId }, body }));
    await send({ method: 'DELETE', query: { uploadId } });
  },
  ...Object.fromEntries(
    Object.entries(completeForms).map(([name, write]): [string, Scenario] => [
      `a complete request ${name}`,
      async (send, see) => {
        const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
        const query = { uploadId, partNumber: '1' };
        const { headers } = await send({ method: 'PUT', query, body: second });
        await see(send({ method: 'POST', query: { uploadId }, body: write(headers['etag'] ?? '') }));
        await send({ method: 'DELETE', query: { uploadId } });
      },
    ]),
  ),
  'reads of a multipart object by part number': async (send, see) => {
    const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
    const etags: [number, string][] = [];
    for (const [index, body] of [partBytes, second].entries()) {
      const query = { uploadId, partNumber: String(index + 1) };
      const { headers } = await send({ method: 'PUT', query, body });
      etags.push([index + 1, headers['etag'] ?? '']);
    }
    await send({ method: 'POST', query: { uploadId }, body: completeBody(etags) });
    for (const partNumber of ['1', '2', '3']) await see(send({ method: 'HEAD', query: { partNumber } }));
    await see(send({ method: 'GET', headers: { range: 'bytes=5242878-5242883' } }));
    await see(send({ method: 'GET', headers: { range: 'bytes=-4' } }));
  },
  'a body in signed chunks': async (send, see) => {
    const headers = { 'content-encoding': 'aws-chunked' };
    await see(send({ method: 'PUT', body: second, isChunked: true, headers }));
    await see(send({ method: 'GET' }));
    const uploadId = uploadIdOf(await send({ method: 'POST', query: { uploads: '' } }));
    const query = { uploadId, partNumber: '1' };
    const part = await send({ method: 'PUT', query, body: second, isChunked: true, headers });
    await see(part);
    const body = completeBody([[1, part.headers['etag'] ?? '']]);
    await see(send({ method: 'POST', query: { uploadId }, body }));
    await see(send({ method: 'GET' }));
  },
  'a PUT with the wrong secret': async (send, see) => {
    await see(send({ method: 'PUT', body: second, as: { secretAccessKey: 'wrong' } }));
  },
  'a PUT with an unknown key id': async (send, see) => {
    await see(send({ method: 'PUT', body: second, as: { accessKeyId: 'UNKNOWN' } }));
  },
  'a PUT that is signed for another region': async (send, see) => {
    await see(send({ method: 'PUT', body: second, as: { region: 'eu-north-1' } }));
  },
  ...Object.fromEntries(
    ['', 'junk', 'Bearer x', 'AWS4-HMAC-SHA256 Credential=x'].map((authorization): [string, Scenario] => [
      `a PUT with the Authorization header "${authorization}"`,
      async (send, see) => {
        await see(send({ method: 'PUT', body: second, unsigned: { authorization } }));
      },
    ]),
  ),
  'a PUT with a key of 1,025 bytes': async (send, see) => {
    await see(send({ method: 'PUT', body: second, key: 'k'.repeat(1025) }));
  },
  'a PUT with an empty x-amz-acl': async (send, see) => {
    await see(send({ method: 'PUT', body: second, headers: { 'x-amz-acl': '' } }));
  },
  'a PUT with metadata in its query': async (send, see) => {
    await see(send({ method: 'PUT', body: second, query: { 'x-amz-meta-a': 'one', 'x-amz-acl': 'nobody' } }));
    await see(send({ method: 'HEAD' }));
  },
  'a PUT with a trailer': async (send, see) => {
    const headers = {
      'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
      'x-amz-decoded-content-length': '1',
      'x-amz-trailer': 'x-amz-checksum-crc32',
      'content-encoding': 'aws-chunked',
    };
    const body = '1\r\nx\r\n0\r\nx-amz-checksum-crc32:jNt/4Q==\r\n\r\n';
    await see(send({ method: 'PUT', body, headers }));
    await see(send({ method: 'HEAD' }));
  },
  'a PUT with two signatures': async (send, see) => {
    await see(send({ method: 'PUT', body: second, query: { 'X-Amz-Algorithm': 'AWS4-HMAC-SHA256' } }));
  },
  'a PUT into another bucket': async (send, see) => {
    await see(send({ method: 'PUT', body: second, as: { bucket: 'no-such-bucket' } }));
  },
  'a PUT with the checksum of other bytes': async (send, see) => {
    const checksum = createHash('sha256').update(first).digest('base64');
    await see(send({ method: 'PUT', body: second, headers: { 'x-amz-checksum-sha256': checksum } }));
    await see(send({ method: 'HEAD' }));
  },
  'requests to the bucket': async (send, see) => {
    const key = '';
    await see(send({ method: 'HEAD', key }));
    await see(send({ method: 'GET', key, query: { 'list-type': '2', prefix: 'none/' } }));
    await see(send({ method: 'GET', key, query: { 'list-type': '2', 'max-keys': 'many' } }));
    await see(send({ method: 'GET', key, query: { uploads: '', prefix: 'none/' } }));
  },
  ...Object.fromEntries(
    Object.entries(listings).map(([name, query]): [string, Scenario] => [
      `a list of objects, ${name}`,
      async (send, see, key) => {
        const keys = listedKeys.map((one) => `${key}/${one}`);
        for (const one of keys) await send({ method: 'PUT', key: one, body: second });
        await see(send({ key: '', query: { prefix: `${key}/`, ...withKey(query, key) } }));
        for (const one of keys) await send({ method: 'DELETE', key: one });
      },
    ]),
  ),
  'a question for the location of the bucket': async (send, see) => {
    await see(send({ method: 'GET', key: '', query: { location: '' } }));
  },
  'a question for the versioning of the bucket': async (send, see) => {
    await see(send({ method: 'GET', key: '', query: { versioning: '' } }));
  },
  'a canned ACL together with a grant': async (send, see) => {
    const unsigned = { 'x-amz-acl': 'public-read', 'x-amz-grant-read': 'id=x' };
    await see(send({ method: 'PUT', body: second, unsigned }));
  },
  'a PUT that copies, by a header that is not signed': async (send, see) => {
    await send({ method: 'PUT', body: first });
    const source = { 'x-amz-copy-source': '/no-such-bucket/key' };
    await see(send({ method: 'PUT', body: '', unsigned: source }));
  },
  'an unsigned x-amz-acl and an unsigned x-amz-meta header': async (send, see) => {
    await see(send({ method: 'PUT', body: second, unsigned: { 'x-amz-acl': 'public-read' } }));
    await see(send({ method: 'PUT', body: second, unsigned: { 'x-amz-meta-a': 'one' } }));
    await see(send({ method: 'HEAD' }));
  },
};

export const scenarioNames: readonly string[] = Object.keys(scenarios);

let run = 0;

/** What a client sees of a store's answers to the requests of a scenario, each at a key of its own. */
export async function answersTo(name: string, target: S3Target): Promise<string[]> {
  const scenario = scenarios[name];
  if (!scenario) throw new Error(`There is no scenario named ${name}.`);
  const key = `compared/${process.pid}-${run++}`;
  const seen: string[] = [];
  await scenario(
    (request) => sendS3(target, { method: 'GET', key, ...request }),
    async (answer) =>
      void seen.push(
        describeAnswer(await answer)
          .replaceAll(key, 'KEY')
          .replaceAll(encodeURIComponent(key), 'KEY'),
      ),
    key,
  );
  await sendS3(target, { method: 'DELETE', key });
  return seen;
}

const comparedHeaders = new Set([
  'content-type',
  'content-length',
  'etag',
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'expires',
  'content-range',
  'accept-ranges',
  'x-amz-mp-parts-count',
  'last-modified',
]);
const comparedFamilies = /^x-amz-(meta|checksum)-/;

/** Status, code, headers and body; without what depends on time, key and request. */
function describeAnswer({ status, headers, body }: S3Answer): string {
  const text = body.toString();
  const isDocument = text.includes('xmlns') || text.includes('<Error>') || status >= 400;
  const names = Object.keys(headers).filter(
    (name) =>
      (comparedHeaders.has(name) || comparedFamilies.test(name)) &&
      !(isDocument && name === 'content-length'),
  );
  const shown = names.sort().map((name) => {
    const value = headers[name] ?? '';
    if (name === 'last-modified') return `${name}: a date`;
    return `${name}: ${value.length > 100 ? `${value.length} characters` : value}`;
  });
  const code = /<Code>([^<]*)/.exec(text)?.[1] ?? '';
  const content = isDocument ? (status < 400 ? elementsOf(text) : '') : text.slice(0, 60);
  return [`${status} ${code}`.trim(), ...shown, ...(content === '' ? [] : [`> ${content}`])].join('; ');
}

/** Elements whose values do not depend on the store and the time. A list of objects has its own in any order. */
function elementsOf(text: string): string {
  const names = [
    'PartNumberMarker',
    'NextPartNumberMarker',
    'MaxParts',
    'IsTruncated',
    'PartNumber',
    'Size',
    'ETag',
  ];
  const ofLists = [
    'Prefix',
    'Delimiter',
    'MaxKeys',
    'EncodingType',
    'Marker',
    'NextMarker',
    'StartAfter',
    'KeyCount',
    'ContinuationToken',
    'NextContinuationToken',
  ];
  const ofObjects = ['Key', 'Type', 'StorageClass', 'DisplayName'];
  const pairs = (source: string, wanted: readonly string[]): string[] =>
    [...source.matchAll(/<(\w+)>([^<]+)(?=<)/g)]
      .filter(([, name = '']) => wanted.includes(name))
      .map(([, name, value = '']) => `${name}=${name === 'DisplayName' ? 'a name' : JSON.stringify(value)}`);
  if (!text.includes('<ListBucketResult')) {
    const found = [...text.matchAll(/<(\w+)>([^<]*)(?=<)/g)].filter(([, name = '']) => names.includes(name));
    return found.map(([, name, value]) => `${name}=${value}`).join(' ');
  }
  const groups = text.match(/<(Contents|CommonPrefixes)>.*?<\/\1>/gs) ?? [];
  const rest = text.replace(/<(Contents|CommonPrefixes)>.*?<\/\1>/gs, '');
  const objects = groups.map(
    (group) =>
      `{${pairs(group, [...names, ...ofObjects, 'Prefix'])
        .sort()
        .join(' ')}}`,
  );
  return [...pairs(rest, [...names, ...ofLists]).sort(), ...objects.sort()].join(' ');
}

function uploadIdOf({ body }: S3Answer): string {
  return /<UploadId>([^<]*)/.exec(body.toString())?.[1] ?? '';
}

function completeBody(parts: readonly [number, string][]): string {
  const items = parts.map(
    ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
  );
  return `<CompleteMultipartUpload>${items.join('')}</CompleteMultipartUpload>`;
}

function md5Base64(text: string): string {
  return createHash('md5').update(text).digest('base64');
}
