import { request } from 'node:http';
import { expect } from 'vitest';
import type { Provider } from '../provider.js';
import { fakeContext } from './fake-provider.js';

/** Sends two parts, one to each name of a store in the sandbox, with the headers that were signed. */
export async function expectBothNames(provider: Provider, partSizeBytes: number): Promise<void> {
  const upload = { clientId: 'c', fileName: 'clip.mp4', sizeBytes: 2 * partSizeBytes, contentType: '' };
  const started = await provider.start(upload, fakeContext());
  if (started === 'checksum-required') throw new Error('A checksum was asked for.');
  const session = { id: 'x', ...upload, ...started };
  const asked = [1, 2].map((partNumber) => ({ partNumber, sizeBytes: partSizeBytes }));
  const signed = await provider.sign(session, asked, fakeContext());
  if (signed.outcome !== 'signed') throw new Error(`The outcome is ${signed.outcome}.`);
  const [first, second] = signed.requests;
  const [here, there] = [first?.url ?? '', second?.secondUrl ?? ''];
  expect(new URL(there).host).not.toBe(new URL(here).host);
  expect(started.transfer).toMatchObject({ secondStore: new URL(there).origin });
  const body = Buffer.alloc(partSizeBytes);
  expect(await putAt(here, body, first?.headers)).toBe(200);
  expect(await putAt(there, body, second?.headers)).toBe(200);
  expect(await putAt(there.replace('partNumber=2', 'partNumber=1'), body, second?.headers)).toBe(403);
  expect(await provider.list(session, fakeContext())).toMatchObject([{ partNumber: 1 }, { partNumber: 2 }]);
}

/** By the machine's own address: Node asks the resolver of the system for names that browsers know. */
function putAt(
  url: string,
  body: Buffer,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const { port, pathname, search, host } = new URL(url);
  return new Promise((resolve, reject) => {
    const put = request(
      {
        host: '127.0.0.1',
        port,
        method: 'PUT',
        path: pathname + search,
        headers: { ...headers, host, 'content-length': body.length },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      },
    );
    put.on('error', reject);
    put.end(body);
  });
}
