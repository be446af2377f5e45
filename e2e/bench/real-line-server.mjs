// The far end of the line: page, endpoint and store. It answers each line of its standard input with what it has seen.
import { createInterface } from 'node:readline';
import { startPageServer, startSink, stubEndpoint } from './sink.mjs';

const host = '0.0.0.0';
let open = 0;
let most = 0;
let largest = 0;
let firstPartAt;
/** When more requests were open than browsers make to one name, in ms from the first part. */
let moreAfterMs;
const sink = await startSink({
  host,
  onRequest(method, _query, response) {
    if (method !== 'PUT') return;
    open += 1;
    firstPartAt ??= performance.now();
    most = Math.max(most, open);
    if (open > 6) moreAfterMs ??= performance.now() - firstPartAt;
    largest = Math.max(largest, Number(response.req.headers['content-length']));
    response.on('close', () => (open -= 1));
  },
});
const store = `http://store.localhost:${sink.port}`;
const secondStore = `http://bucket.store.localhost:${sink.port}`;
let hasTwoNames = false;
const endpoint = stubEndpoint(() => store, {
  minPartSizeBytes: Number(process.argv[3]),
  secondStore: () => (hasTwoNames ? secondStore : undefined),
});
const { port } = await startPageServer(process.argv[2], endpoint, { host });
const say = (message) => console.log(JSON.stringify(message));
say({
  store,
  secondStore,
  page: `http://page.localhost:${port}/`,
});

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'reset') {
    sink.reset();
    most = 0;
    largest = 0;
    firstPartAt = undefined;
    moreAfterMs = undefined;
  }
  if (line.startsWith('names ')) hasTwoNames = line === 'names 2';
  const movingMs = performance.now() - (firstPartAt ?? Infinity);
  say({ bytes: sink.seen.bytes, movingMs, open, most, largest, moreAfterMs });
}
process.exit(0);
