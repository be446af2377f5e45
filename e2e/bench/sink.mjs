// An object store that discards the bytes without hashing them, so that the bench measures the client.
import { createServer } from 'node:http';
import { createReadStream } from 'node:fs';
import path from 'node:path';

const cors = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, PUT, POST, HEAD, DELETE',
  'access-control-allow-headers': '*, authorization, content-md5, content-type',
  'access-control-expose-headers': 'etag',
  'access-control-max-age': '7200',
};

/** Implements the subset of S3 and COS that the compared clients need. `seen` counts the requests and bytes. */
export function startSink({ onRequest = () => {}, host } = {}) {
  const seen = { puts: 0, bytes: 0, firstPutAt: 0, lastPutAt: 0 };
  /** The sizes of complete objects, for later HEAD requests. */
  const sizes = new Map();
  const server = createServer({ keepAliveTimeout: 60_000, highWaterMark: 1 << 20 }, (request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://sink');
    const answer = (status, headers, body) => {
      response.writeHead(status, { ...cors, ...headers });
      response.end(body);
    };
    onRequest(request.method, searchParams, response);
    if (request.method === 'OPTIONS') return answer(204);
    if (request.method === 'PUT' && seen.firstPutAt === 0) seen.firstPutAt = performance.now();
    let size = 0;
    request.on('data', (chunk) => {
      size += chunk.length;
      seen.bytes += chunk.length;
    });
    request.on('end', () => {
      if (request.method === 'PUT') {
        seen.puts += 1;
        seen.lastPutAt = performance.now();
        sizes.set(pathname, size);
        return answer(200, { etag: '"00000000000000000000000000000000"', 'content-length': 0 });
      }
      if (request.method === 'HEAD')
        return answer(sizes.has(pathname) ? 200 : 404, {
          'content-length': sizes.get(pathname) ?? 0,
          etag: '"00000000000000000000000000000000"',
        });
      const xml = (body) =>
        answer(200, { 'content-type': 'application/xml' }, `<?xml version="1.0" encoding="UTF-8"?>${body}`);
      const key = pathname.slice(1);
      if (searchParams.has('uploads')) {
        return request.method === 'POST'
          ? xml(
              `<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>${key}</Key><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>`,
            )
          : xml(
              '<ListMultipartUploadsResult><Bucket>b</Bucket><IsTruncated>false</IsTruncated></ListMultipartUploadsResult>',
            );
      }
      if (request.method === 'POST')
        return xml(
          `<CompleteMultipartUploadResult><Location>http://sink/${key}</Location><Bucket>b</Bucket><Key>${key}</Key><ETag>"x-1"</ETag></CompleteMultipartUploadResult>`,
        );
      return xml('<ListPartsResult><IsTruncated>false</IsTruncated></ListPartsResult>');
    });
  });
  return listen(server, host).then((port) => ({
    port,
    seen,
    reset: () => Object.assign(seen, { puts: 0, bytes: 0, firstPutAt: 0, lastPutAt: 0 }),
    close: () => closeServer(server),
  }));
}

/** The origin of the page: the built clients, and the token endpoint at /api/. */
export function startPageServer(directory, endpoint, { onRequest = () => {}, host } = {}) {
  const types = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };
  const counts = { calls: {} };
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const { pathname } = new URL(request.url, 'http://page');
    onRequest(pathname);
    response.on('finish', () => onRequest(pathname, true));
    if (pathname.startsWith('/api/')) {
      const operation = pathname.split('/').at(-1);
      counts.calls[operation] = (counts.calls[operation] ?? 0) + 1;
      return endpoint(request, response);
    }
    const file = path.join(directory, pathname === '/' ? 'index.html' : path.normalize(pathname));
    const stream = createReadStream(file);
    stream.on('error', () => response.writeHead(404).end());
    stream.on('open', () => {
      // Immutable caching is usual for hashed file names.
      response.writeHead(200, {
        'content-type': types[path.extname(file)] ?? 'application/octet-stream',
        'cache-control': 'max-age=3600',
      });
      stream.pipe(response);
    });
  });
  return listen(server, host).then((port) => ({
    port,
    counts,
    reset: () => (counts.calls = {}),
    close: () => closeServer(server),
  }));
}

/** The protocol of the endpoint without a cloud: it measures only the cost of the calls. */
export function stubEndpoint(
  storeOrigin,
  { isListed = true, minPartSizeBytes = 100 * 1024, secondStore = () => undefined } = {},
) {
  let uploads = 0;
  const answers = {
    describe: () => ({
      outcome: 'described',
      capabilities: {
        provider: 'bench',
        checksum: 'none',
        singlePutMaxBytes: 0,
        signing: 'ahead',
        // As S3 says with ETags that are MD5s.
        signsBeforeHash: true,
        canReplace: false,
      },
    }),
    start: () => {
      uploads += 1;
      const limits = { minPartSizeBytes, maxPartSizeBytes: 5 * 1024 ** 3, maxPartCount: 10_000 };
      return {
        outcome: 'started',
        session: {
          ticket: `t${uploads}`,
          mediaId: `m${uploads}`,
          transfer: { kind: 'multipart', eTag: 'opaque', ...limits, secondStore: secondStore() },
        },
      };
    },
    sign: ({ ticket, parts }) => ({
      outcome: 'signed',
      requests: parts.map(({ partNumber, md5Base64 }) => ({
        partNumber,
        method: 'PUT',
        url: `${storeOrigin()}/${ticket}?partNumber=${partNumber}&uploadId=u`,
        secondUrl: secondStore() && `${secondStore()}/${ticket}?partNumber=${partNumber}&uploadId=u`,
        headers: {
          'content-type': 'application/octet-stream',
          ...(md5Base64 !== undefined && { 'content-md5': md5Base64 }),
        },
        ...(md5Base64 === undefined && { addsMd5: true }),
        expiresInMs: 3_600_000,
      })),
    }),
    // Where parts are not listed, the journal of the page decides.
    list: () => (isListed ? { outcome: 'listed', parts: [] } : { outcome: 'unlisted' }),
    finish: () => ({ outcome: 'confirmed', object: {} }),
    details: ({ ticket }) => ({
      outcome: 'found',
      media: { mediaId: ticket, provider: 'bench', status: 'ready' },
    }),
  };
  return (request, response) => {
    const operation = new URL(request.url, 'http://page').pathname.split('/').at(-1);
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      const { uploads: starts, items, providers } = JSON.parse(Buffer.concat(chunks).toString());
      const results = (starts ?? items ?? providers).map((item) => answers[operation](item));
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ results }));
    });
  };
}

function listen(server, host = '127.0.0.1') {
  return new Promise((resolve) => server.listen(0, host, () => resolve(server.address().port)));
}

function closeServer(server) {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
}
