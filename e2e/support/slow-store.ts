import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Passes everything on to a port, what comes from clients with at most so many bytes a second for each connection. */
export async function slowStore(port: number, bytesPerSecond: number) {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const store = connect(port, '127.0.0.1');
    for (const socket of [client, store]) {
      sockets.add(socket);
      // The other end is closed, too.
      socket.on('error', () => {});
    }
    client.on('close', () => store.destroy());
    store.on('close', () => client.destroy());
    store.pipe(client);
    let dueAt = 0;
    client.on('data', (bytes) => {
      store.write(bytes);
      dueAt = Math.max(dueAt, performance.now()) + (bytes.length / bytesPerSecond) * 1000;
      const delayMs = dueAt - performance.now();
      if (delayMs < 1) return;
      client.pause();
      setTimeout(() => client.resume(), delayMs);
    });
  });
  // Both addresses of `localhost`.
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}
