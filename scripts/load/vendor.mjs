// A store with the API of S3 that misbehaves by bucket: `quick` answers at once, `slow` after 3 seconds, `hang` never, and
// `throttle` takes 100 calls a second and answers 503 with Retry-After beyond.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { file } from './file.mjs';

const slowMs = 3000;
const callsPerSecond = 100;
const eTag = Buffer.from(file.md5Base64, 'base64').toString('hex');
const composite = `${createHash('md5')
  .update(Buffer.concat(Array(file.partCount).fill(Buffer.from(eTag, 'hex'))))
  .digest('hex')}-${file.partCount}`;
const partList = Array.from(
  { length: file.partCount },
  (_, i) =>
    `<Part><PartNumber>${i + 1}</PartNumber><ETag>"${eTag}"</ETag><Size>${file.partSizeBytes}</Size></Part>`,
).join('');

const buckets = new Map();
const statsOf = (name) => {
  const known = buckets.get(name) ?? {
    calls: 0,
    throttled: 0,
    underWay: 0,
    most: 0,
    open: new Set(),
    completed: 0,
  };
  buckets.set(name, known);
  return known;
};
let count = 0;
let second = 0;
let callsInSecond = 0;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://vendor');
  const bucket = pathname.split('/')[1] ?? '';
  if (bucket === 'stats') return sendStats(response);
  const stats = statsOf(bucket);
  stats.calls += 1;
  stats.underWay += 1;
  stats.most = Math.max(stats.most, stats.underWay);
  response.on('close', () => (stats.underWay -= 1));
  request.resume();
  if (bucket === 'hang') return;
  if (bucket === 'throttle' && isTooMany()) {
    stats.throttled += 1;
    response.writeHead(503, { 'Retry-After': '1', 'Content-Type': 'application/xml' });
    response.end('<Error><Code>SlowDown</Code></Error>');
    return;
  }
  const answer = () => answerAs(request.method, { pathname, searchParams, stats }, response);
  if (bucket === 'slow') setTimeout(answer, slowMs);
  else answer();
});

function isTooMany() {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) callsInSecond = 0;
  second = now;
  callsInSecond += 1;
  return callsInSecond > callsPerSecond;
}

function answerAs(method, { searchParams, stats }, response) {
  const uploadId = searchParams.get('uploadId');
  const xml = (body) => {
    response.writeHead(200, { 'Content-Type': 'application/xml' });
    response.end(body);
  };
  if (method === 'POST' && searchParams.has('uploads')) {
    const id = `u${(count += 1)}`;
    stats.open.add(id);
    return xml(`<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
  }
  if (method === 'GET' && uploadId)
    return xml(`<ListPartsResult><IsTruncated>false</IsTruncated>${partList}</ListPartsResult>`);
  if (method === 'POST' && uploadId) {
    if (stats.open.delete(uploadId)) stats.completed += 1;
    return xml(`<CompleteMultipartUploadResult><ETag>"${composite}"</ETag></CompleteMultipartUploadResult>`);
  }
  if (method === 'DELETE') stats.open.delete(uploadId);
  response.writeHead(method === 'DELETE' ? 204 : 404);
  response.end();
}

function sendStats(response) {
  const all = [...buckets].map(([name, { open, ...stats }]) => [name, { ...stats, open: open.size }]);
  response.end(JSON.stringify(Object.fromEntries(all)));
}

server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.send({ port: server.address().port }));
