import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server of videos, from which the emulated clouds pull, and of the trouble that links lead to. */
export interface FilmServer {
  readonly origin: string;
  /** A link to that file. */
  add(name: string, file: string): string;
  /** The same; the second half is sent only after `release`. */
  addSlow(name: string, file: string): { readonly url: string; readonly release: () => void };
  /** A link that answers with this status. */
  addRefusing(name: string, status: number): string;
  /** A link whose body has no end. */
  addEndless(name: string): string;
  close(): Promise<void>;
}

const endlessChunk = Buffer.alloc(64 * 1024);

export async function startFilmServer(): Promise<FilmServer> {
  const answers = new Map<string, (response: ServerResponse) => void>();
  const server = createServer((request, response) => {
    const answer = answers.get(new URL(request.url ?? '/', 'http://films').pathname);
    if (answer) answer(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serve = (name: string, answer: (response: ServerResponse) => void) => {
    answers.set(`/${name}`, answer);
    return `${origin}/${name}`;
  };
  const headOf = (bytes: Buffer) => ({ 'content-type': 'video/mp4', 'content-length': bytes.length });
  return {
    origin,
    add: (name, file) =>
      serve(name, (response) => {
        const bytes = readFileSync(file);
        response.writeHead(200, headOf(bytes)).end(bytes);
      }),
    addSlow(name, file) {
      let release = () => {};
      const released = new Promise<void>((resolve) => (release = resolve));
      const url = serve(name, (response) => {
        const bytes = readFileSync(file);
        const middle = Math.ceil(bytes.length / 2);
        response.writeHead(200, headOf(bytes)).write(bytes.subarray(0, middle));
        void released.then(() => response.end(bytes.subarray(middle)));
      });
      return { url, release };
    },
    addRefusing: (name, status) => serve(name, (response) => response.writeHead(status).end()),
    addEndless: (name) =>
      serve(name, (response) => {
        response.writeHead(200, { 'content-type': 'video/mp4' });
        // At the pace of the reader, so that nothing fills up here.
        const write = () => {
          while (!response.destroyed && response.write(endlessChunk));
        };
        response.on('drain', write);
        write();
      }),
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
