import { describe, expect, it, vi } from 'vitest';
import type { AttachResponse } from '../protocol/index.js';
import { EndpointError } from './errors.js';
import { openEndpoint, parts } from './test-support/fake-endpoint.js';
import { callCount } from './test-support/fake-provider.js';

const times = <T>(count: number, item: T) => Array.from({ length: count }, () => item);

describe('a ticket that one call names a hundred times', () => {
  const cover = { attachmentId: 'a', kind: 'cover', fileName: 'a.jpg', sizeBytes: 9, contentType: '' };

  it.each<[string, object, string]>([
    ['list', {}, 'listed'],
    ['sign', { parts }, 'signed'],
    ['details', {}, 'found'],
    ['attach', { attachments: [cover] }, 'attached'],
    ['update', { update: { title: 'New' } }, 'updated'],
    ['finish', { status: 'canceled' }, 'discarded'],
    ['finish', { status: 'failed' }, 'discarded'],
    ['finish', { status: 'uploaded', parts }, 'confirmed'],
  ])('is one call to the cloud, with the same answer for each: %s %j', async (operation, fields, outcome) => {
    const onConfirmed = vi.fn();
    const { call, start, provider, events } = openEndpoint({
      onConfirmed,
      authorize: () => ({ id: 'ada', options: 'any' }),
    });
    const ticket = await start();
    const once = await costOf(() => call(operation, { items: [{ ticket, ...fields }] }));
    const other = await start({ clientId: 'c2' });
    events.length = 0;
    const items = times(100, { ticket: other, ...fields });
    const many = await costOf(async () => {
      const { codes, json } = await call(operation, { items });
      expect(codes).toEqual(times(100, outcome));
      expect(new Set((json['results'] as unknown[]).map((one) => JSON.stringify(one))).size).toBe(1);
    });
    expect(many).toBe(once);
    expect(events.filter(({ type }) => type === 'item')).toHaveLength(100);
    expect(onConfirmed.mock.calls.length).toBe(outcome === 'confirmed' ? 2 : 0);

    async function costOf(work: () => Promise<unknown>): Promise<number> {
      const before = callCount(provider);
      await work();
      return callCount(provider) - before;
    }
  });

  it('is refused once by the cloud, and to each', async () => {
    const { call, start, provider } = openEndpoint();
    const ticket = await start();
    provider.list.mockRejectedValue(new EndpointError('vendor-refused'));
    expect((await call('list', { items: times(100, { ticket }) })).codes).toEqual(
      times(100, 'vendor-refused'),
    );
    expect(provider.list).toHaveBeenCalledTimes(1);
  });
});

describe('items of one call about the same upload', () => {
  const uploaded = { status: 'uploaded', parts };

  it.each([
    [
      [uploaded, { status: 'canceled' }, uploaded],
      ['confirmed', 'media-state-conflict', 'confirmed'],
    ],
    [
      [{ status: 'canceled' }, uploaded, { status: 'failed' }],
      ['discarded', 'media-state-conflict', 'discarded'],
    ],
  ])('are done in their order where they contradict each other: %j', async (ends, codes) => {
    // The first takes longest.
    const { call, start, provider } = openEndpoint();
    const ticket = await start();
    const slowly = () => new Promise<void>((resolve) => setTimeout(resolve, 20));
    provider.complete.mockImplementationOnce(async () => {
      await slowly();
      return { outcome: 'completed' };
    });
    provider.abort.mockImplementationOnce(slowly);
    const items = ends.map((end) => ({ ticket, ...end }));
    expect((await call('finish', { items })).codes).toEqual(codes);
  });

  it('change a title in their order, so that the last one stays', async () => {
    const { call, start, provider } = openEndpoint({ authorize: () => ({ id: 'ada', options: 'any' }) });
    const ticket = await start();
    const titles: unknown[] = [];
    provider.update.mockImplementation(async (_, { title }) => {
      await new Promise((resolve) => setTimeout(resolve, 20 - 10 * titles.length));
      titles.push(title);
    });
    const items = ['one', 'two', 'three'].map((title) => ({ ticket, update: { title } }));
    expect((await call('update', { items })).codes).toEqual(times(3, 'updated'));
    expect(titles).toEqual(['one', 'two', 'three']);
  });

  it('attach in their order, each with what the one before has made', async () => {
    const { call, start, provider } = openEndpoint();
    const ticket = await start();
    provider.attach.mockImplementation(({ state }, [attachment]) =>
      Promise.resolve({
        requests: [{ attachmentId: 'a', method: 'PUT', url: 'https://s', headers: {}, expiresInMs: 1000 }],
        state: { made: [...((state as { made?: string[] }).made ?? []), attachment?.attachmentId] },
      }),
    );
    const items = ['a', 'b'].map((attachmentId) => ({
      ticket,
      attachments: [{ attachmentId, kind: 'cover', fileName: 'a.jpg', sizeBytes: 9, contentType: '' }],
    }));
    const { json } = await call('attach', { items });
    const [, last] = (json as unknown as AttachResponse).results;
    const latest = last?.outcome === 'attached' ? last.ticket : undefined;
    await call('list', { items: [{ ticket: latest }] });
    expect(provider.list.mock.calls.at(-1)?.[0].state).toEqual({ made: ['a', 'b'] });
  });

  it('hold up no item about another upload', async () => {
    const { call, start, provider } = openEndpoint();
    const [slow, quick] = [await start(), await start({ clientId: 'c2' })];
    let release: () => void = () => undefined;
    provider.abort.mockImplementation(({ mediaId }) =>
      mediaId === 'media-c1' ? new Promise((resolve) => (release = resolve)) : Promise.resolve(release()),
    );
    const items = [slow, quick].map((ticket) => ({ ticket, status: 'canceled' }));
    expect((await call('finish', { items })).codes).toEqual(['discarded', 'discarded']);
  });

  it('are refused by themselves where a ticket among them is not theirs, or none', async () => {
    const { call, start } = openEndpoint();
    const [own, foreign] = [await start(), await start({}, { user: 'ben' })];
    const items = [own, foreign, 'forged', own].map((ticket) => ({ ticket, status: 'canceled' }));
    expect((await call('finish', { items })).codes).toEqual([
      'discarded',
      'ticket-foreign',
      'ticket-invalid',
      'discarded',
    ]);
  });
});
