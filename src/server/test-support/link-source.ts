import { randomBytes } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of video files, and of the trouble that links lead to. */
export interface LinkSource {
  readonly url: string;
  /** A link to bytes of its own. */
  add(bytes?: Buffer): { readonly url: string; readonly bytes: Buffer };
  /** The same; its last byte is sent only after `release`. */
  addSlow(): { readonly url: string; readonly bytes: Buffer; readonly release: () => void };
  /** A link that answers with this status. */
  refusing(status: number): string;
  /** A link whose body has no end. */
  endless(): string;
  /** How often a link was asked for. */
  requestsOf(url: string): number;
  close(): Promise<void>;
}

type Answer = (response: ServerResponse) => void;

export async function startLinkSource(): Promise<LinkSource> {
  const answers = new Map<string, Answer>();
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const answer = answers.get(path);
    if (answer) answer(response);
    else response.writeHead(404).end('no such file');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serve = (answer: Answer): string => {
    const path = `/${randomBytes(8).toString('hex')}.mp4?Signature=s3cr3t&n=a%2Fb,c`;
    answers.set(path, answer);
    return url + path;
  };
  return {
    url,
    add(bytes = randomBytes(20_000)) {
      const link = serve((response) => {
        response.writeHead(200, { 'content-length': bytes.length, 'content-type': 'video/mp4' }).end(bytes);
      });
      return { url: link, bytes };
    },
    addSlow() {
      const bytes = randomBytes(20_000);
      let release: () => void = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      const link = serve((response) => {
        response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, -1));
        void released.then(() => response.end(bytes.subarray(-1)));
      });
      return { url: link, bytes, release: () => release() };
    },
    refusing: (status) => serve((response) => response.writeHead(status).end('no')),
    endless: () =>
      serve((response) => {
        // Without a pause it would keep the machine busy for all tests that follow.
        const timer = setInterval(() => response.write(Buffer.alloc(1024)), 20);
        response.writeHead(200).on('close', () => clearInterval(timer));
      }),
    requestsOf: (link) => counts.get(link.slice(url.length)) ?? 0,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
