import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request on its way, which a test may modify. */
export interface Tampered {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Tamperer {
  port: number;
  /** Modifies the requests from now on; none by default. */
  change: (request: Tampered) => void;
  close: () => Promise<void>;
}

/** A proxy between a vendor's client and the sandbox that modifies requests after they were signed. */
export async function startTamperer(targetPort: number): Promise<Tamperer> {
  const server: Server = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const seen: Tampered = {
        method: incoming.method ?? 'GET',
        path: incoming.url ?? '/',
        headers: { ...incoming.headers },
        body: Buffer.concat(chunks),
      };
      tamperer.change(seen);
      delete seen.headers['transfer-encoding'];
      if (incoming.headers['content-length'] !== undefined)
        seen.headers['content-length'] = String(seen.body.length);
      const onward = httpRequest(
        { host: '127.0.0.1', port: targetPort, method: seen.method, path: seen.path, headers: seen.headers },
        (answer) => {
          outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on('error', () => {
        outgoing.destroy();
      });
      onward.end(seen.body);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const tamperer: Tamperer = {
    port: (server.address() as AddressInfo).port,
    change: () => undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return tamperer;
}
