import { describe, expect, it, vi } from 'vitest';
import type { DescribeResponse } from '../protocol/index.js';
import type { Imports, ImportStarted } from './provider.js';
import { openEndpoint, upload } from './test-support/fake-endpoint.js';
import { fakeProvider } from './test-support/fake-provider.js';
import { createTicketCodec } from './ticket.js';

type Endpoint = ReturnType<typeof openEndpoint>;

async function nameOf({ call }: Endpoint, user: string): Promise<string | undefined> {
  const { json } = await call('describe', { providers: ['fake'] }, { user });
  const [result] = (json as unknown as DescribeResponse).results;
  return result?.outcome === 'described' ? result.caller : undefined;
}

const startAll = ({ call }: Endpoint, user: string, ...fields: object[]) =>
  call('start', { provider: 'fake', uploads: fields.map((one) => ({ ...upload, ...one })) }, { user });

describe('a file that was added while ann was signed in', () => {
  it('is refused to ben with ticket-foreign, begins nothing and counts nothing', async () => {
    const mayStart = vi.fn();
    const endpoint = openEndpoint({
      authorize: (request) => ({ id: request.headers.get('x-user') ?? '', mayStart }),
      limits: { startsPerMinute: 1, openUploads: 1 },
    });
    const addedBy = await nameOf(endpoint, 'ann');
    const refused = await startAll(endpoint, 'ben', { addedBy });
    expect(refused.codes).toEqual(['ticket-foreign']);
    expect(refused.status).toBe(403);
    expect(mayStart).not.toHaveBeenCalled();
    expect(endpoint.provider.start).not.toHaveBeenCalled();
    expect((await startAll(endpoint, 'ben', { clientId: 'c2' })).codes).toEqual(['started']);
  });

  it('starts when ann is back, under the same id', async () => {
    const endpoint = openEndpoint();
    const addedBy = await nameOf(endpoint, 'ann');
    await startAll(endpoint, 'ben', { addedBy });
    const { codes, json } = await startAll(endpoint, 'ann', { addedBy });
    expect(codes).toEqual(['started']);
    expect(json).toMatchObject({ results: [{ caller: addedBy }] });
  });

  it('does not affect the files of ben in the same call', async () => {
    const endpoint = openEndpoint();
    const [ann, ben] = [await nameOf(endpoint, 'ann'), await nameOf(endpoint, 'ben')];
    const uploads = [{ addedBy: ann }, { clientId: 'c2', addedBy: ben }, { clientId: 'c3' }];
    const { codes } = await startAll(endpoint, 'ben', ...uploads);
    expect(codes).toEqual(['ticket-foreign', 'started', 'started']);
  });

  it('is one upload whether or not the page knew by then who had added it', async () => {
    const endpoint = openEndpoint();
    const first = await endpoint.start({}, { user: 'ann' });
    const addedBy = await nameOf(endpoint, 'ann');
    expect(await endpoint.start({ addedBy }, { user: 'ann' })).toBe(first);
    expect(endpoint.provider.start).toHaveBeenCalledTimes(1);
  });

  it('is not given where the caller lets the next one start files that wait', async () => {
    const endpoint = openEndpoint({
      authorize: (request) => {
        const id = request.headers.get('x-user') ?? '';
        return { id, handsOver: id === 'visitor' };
      },
    });
    expect(await nameOf(endpoint, 'visitor')).toBeUndefined();
    const { json } = await startAll(endpoint, 'visitor', {});
    expect(JSON.stringify(json)).not.toContain('caller');
    const addedBy = await nameOf(endpoint, 'ann');
    expect((await startAll(endpoint, 'visitor', { clientId: 'c2', addedBy })).codes).toEqual([
      'ticket-foreign',
    ]);
  });

  it('is refused only by name: a page that knows none starts it as before', async () => {
    expect((await startAll(openEndpoint(), 'ben', {})).codes).toEqual(['started']);
  });

  it.each(['', 'a'.repeat(129), 7])('is a malformed message with the name %s', async (addedBy) => {
    expect((await startAll(openEndpoint(), 'ben', { addedBy })).codes).toEqual(['invalid-request']);
  });
});

it('refuses a link that another caller has added, before the rules of the host are asked', async () => {
  const started: ImportStarted<unknown> = { state: {} };
  const imports: Imports = {
    extensions: ['mp4'],
    extensionIn: 'path',
    start: vi.fn<Imports['start']>((links) => Promise.resolve(links.map(() => started))),
    status: () => Promise.resolve([]),
    end: () => Promise.resolve('ended'),
  };
  const allow = vi.fn(() => true);
  const endpoint = openEndpoint({ providers: [{ ...fakeProvider(), imports }], imports: { allow } });
  const addedBy = await nameOf(endpoint, 'ann');
  const item = { clientId: 'c1', url: 'https://media.example.com/a.mp4', fileName: 'a.mp4', addedBy };
  const importAs = (user: string) => endpoint.call('import', { provider: 'fake', imports: [item] }, { user });
  expect((await importAs('ben')).codes).toEqual(['ticket-foreign']);
  expect(allow).not.toHaveBeenCalled();
  expect(imports.start).not.toHaveBeenCalled();
});

describe('the name of a caller', () => {
  const secrets = {
    old: 'a secret of more than thirty-two characters',
    new: 'the secret that is to replace the one before',
  };
  const codec = (...names: (keyof typeof secrets)[]) =>
    createTicketCodec({
      secrets: names.map((name) => secrets[name]),
      audience: 'vodrop',
      lifetimeMs: 1000,
      now: () => 0,
    });

  it('is the same at every instance, another for another caller, and does not contain the id', async () => {
    const tag = await codec('old').tagOf('ann@example.com');
    expect(tag).toMatch(/^[0-9a-f]{40}$/);
    expect(await codec('old').tagOf('ann@example.com')).toBe(tag);
    expect(await codec('old').tagOf('ben@example.com')).not.toBe(tag);
    expect(await codec('new').tagOf('ann@example.com')).not.toBe(tag);
  });

  it('outlives a change of the secret, also while instances differ', async () => {
    const tag = await codec('old').tagOf('ann');
    for (const instance of [codec('old'), codec('old', 'new'), codec('new', 'old'), codec('new')])
      expect(await instance.isTagOfAnother(tag, 'ann')).toBe(false);
    for (const instance of [codec('old'), codec('old', 'new'), codec('new', 'old')])
      expect(await instance.isTagOfAnother(tag, 'ben')).toBe(true);
    expect(await codec('old').isTagOfAnother(await codec('new').tagOf('ann'), 'ann')).toBe(false);
  });
});
