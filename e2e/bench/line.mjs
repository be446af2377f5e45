// A line with delay, rate and loss, as a TCP proxy: it needs no root and no kernel modules, and behaves the same on
// every machine.
//
// The rate is one bucket for all connections. A proxy cannot lose segments, but it can reproduce the effect on the
// sender: each upstream connection gets a congestion window that behaves like TCP Reno's (slow start from ten segments,
// one segment more for each round trip, halved at a loss, one round trip without data for the recovery).
import net from 'node:net';

const segmentBytes = 1460;
const initialWindow = 10;

/** `roundTripMs`, `bitsPerSecond` (0 is no limit; or a function of the milliseconds since the first byte), `loss` per segment (0 to 1), `random` for repeatable runs. */
export function startLine({
  target,
  roundTripMs,
  bitsPerSecond = 0,
  loss = 0,
  random = seeded(1),
  onConnection = () => {},
}) {
  const sockets = new Set();
  const link = { freeAt: 0, startedAt: undefined };
  const half = roundTripMs / 2;

  const server = net.createServer((client) => {
    onConnection();
    client.pause();
    client.setNoDelay(true);
    sockets.add(client);
    client.on('close', () => sockets.delete(client));
    client.on('error', () => client.destroy());
    // The handshake takes a round trip before the first byte can be sent.
    setTimeout(() => {
      if (client.destroyed) return;
      const upstream = net.connect({ port: target, host: '127.0.0.1' });
      upstream.setNoDelay(true);
      sockets.add(upstream);
      upstream.on('close', () => {
        sockets.delete(upstream);
        client.destroy();
      });
      upstream.on('error', () => client.destroy());
      client.on('close', () => upstream.destroy());
      pumpUp(client, upstream, { half, roundTripMs, bitsPerSecond, loss, link, random });
      pumpDown(upstream, client, half);
    }, roundTripMs);
  });
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: server.address().port,
        close: () => {
          for (const socket of sockets) socket.destroy();
          return new Promise((done) => server.close(done));
        },
      }),
    ),
  );
}

/** From client to store: paced by window and link, delivered half a round trip later. */
function pumpUp(from, to, { half, roundTripMs, bitsPerSecond, loss, link, random }) {
  let window = initialWindow;
  let threshold = Infinity;
  let queue = [];
  let queued = 0;
  let isRunning = false;

  from.on('data', (chunk) => {
    queue.push(chunk);
    queued += chunk.length;
    // Reads a few windows ahead, about as much as the send buffer of a kernel.
    if (queued > Math.max(256 * 1024, window * segmentBytes * 2)) from.pause();
    if (!isRunning) void run();
  });
  from.on('end', () => deliverLater(() => to.end()));
  from.resume();

  async function run() {
    isRunning = true;
    while (queued > 0 && !to.destroyed) {
      link.startedAt ??= performance.now();
      const isVarying = typeof bitsPerSecond === 'function';
      const rate = isVarying ? bitsPerSecond(performance.now() - link.startedAt) : bitsPerSecond;
      if (isVarying && rate === 0) {
        // The line is cut: nothing leaves until it is whole again.
        await new Promise((resolve) => setTimeout(resolve, 50));
        continue;
      }
      // One round sends one window of segments at the rate of the link.
      const started = performance.now();
      const budget = Math.floor(window) * segmentBytes;
      const bytes = take(Math.min(budget, queued));
      const segments = Math.ceil(bytes.length / segmentBytes);
      let isLost = false;
      for (let index = 0; index < segments; index++) isLost ||= random() < loss;
      const leavesAt =
        rate > 0 ? (link.freeAt = Math.max(started, link.freeAt) + (bytes.length * 8000) / rate) : started;
      const extra = isLost ? roundTripMs : 0;
      deliverLater(() => to.write(bytes), leavesAt - started + extra);
      if (isLost) {
        threshold = Math.max(2, window / 2);
        window = threshold;
      } else if (bytes.length === budget || window < threshold) {
        window = window < threshold ? Math.min(window * 2, threshold) : window + 1;
      }
      // A window takes one round trip, unless the link is slower.
      const windowIsFull = bytes.length === budget || isLost;
      const wait = Math.max(
        leavesAt - started,
        windowIsFull && (loss > 0 || window < 64) ? roundTripMs + extra : 0,
      );
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      if (queued < budget) from.resume();
    }
    isRunning = false;
    from.resume();
  }

  function take(count) {
    const all = Buffer.concat(queue);
    const taken = all.subarray(0, count);
    const rest = all.subarray(count);
    queue = rest.length > 0 ? [rest] : [];
    queued = rest.length;
    return taken;
  }

  let tail = Promise.resolve();
  function deliverLater(deliver, delay = 0) {
    const due = performance.now() + half + delay;
    tail = tail.then(async () => {
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      if (!to.destroyed) deliver();
    });
  }
}

/** From store to client: answers are small, so they are only delayed. */
function pumpDown(from, to, half) {
  let tail = Promise.resolve();
  const later = (deliver) => {
    const due = performance.now() + half;
    tail = tail.then(async () => {
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      if (!to.destroyed) deliver();
    });
  };
  from.on('data', (chunk) => later(() => to.write(chunk)));
  from.on('end', () => later(() => to.end()));
}

/** Pseudorandom numbers that are the same in every run (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
