import { decodeProtectedHeader } from 'jose';
import { afterEach, expect, it, vi } from 'vitest';
import type { Session } from './provider.js';
import { createTicketCodec, type TicketOptions } from './ticket.js';

afterEach(() => {
  vi.restoreAllMocks();
});

const secret = 'a secret of more than thirty-two characters';
const newer = 'the secret that is to replace the one before';
const day = 24 * 3_600_000;
const binding = { callerId: 'ada', providerId: 'fake' };
const session: Session<unknown> = {
  id: 'one',
  fileName: 'a.mp4',
  sizeBytes: 1,
  transfer: { kind: 'single' },
  state: {},
};
const clock = { now: Date.UTC(2026, 0, 1) };
const codec = (options: Partial<TicketOptions> = {}) =>
  createTicketCodec({
    secrets: [secret],
    audience: 'vodrop',
    lifetimeMs: 7 * day,
    now: () => clock.now,
    ...options,
  });

it('counts the lifetime of a ticket from the start of the upload, however often it is sealed again', async () => {
  const start = clock.now;
  const tickets = codec();
  let ticket = await tickets.seal(session, binding);
  for (let days = 1; days < 7; days++) {
    clock.now = start + days * day;
    const opened = await tickets.open(ticket);
    ticket = await tickets.seal(opened.session, binding);
  }
  clock.now = start + 7 * day + 1000;
  await expect(tickets.open(ticket)).rejects.toMatchObject({ code: 'ticket-expired' });
});

it('refuses a ticket of another endpoint with the same secret and caller', async () => {
  const ticket = await codec({ audience: 'videos' }).seal(session, binding);
  await expect(codec().open(ticket)).rejects.toMatchObject({ code: 'ticket-invalid' });
});

it('names the key in a ticket without telling anything of the secret', async () => {
  const one = decodeProtectedHeader(await codec().seal(session, binding)).kid;
  const same = decodeProtectedHeader(await codec().seal(session, binding)).kid;
  const other = decodeProtectedHeader(await codec({ secrets: [newer] }).seal(session, binding)).kid;
  expect(one).toMatch(/^[0-9a-f]{16}$/);
  expect(same).toBe(one);
  expect(other).not.toBe(one);
});

it('changes the secret in two steps while instances of both steps serve the same uploads', async () => {
  const steps = [[secret], [secret, newer], [newer, secret], [newer]].map((secrets) => codec({ secrets }));
  for (const [i, instance] of steps.entries()) {
    const ticket = await instance.seal(session, binding);
    // A rolling deployment runs the step before and the step after beside this one.
    for (const neighbour of steps.slice(Math.max(0, i - 1), i + 2))
      await expect(neighbour.open(ticket)).resolves.toMatchObject({ providerId: 'fake' });
  }
  const direct = await codec({ secrets: [newer, secret] }).seal(session, binding);
  await expect(codec().open(direct)).rejects.toMatchObject({ code: 'ticket-invalid' });
});

it('decrypts a ticket once, and refuses it when it has expired or was altered all the same', async () => {
  const start = clock.now;
  const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
  const tickets = codec();
  const ticket = await tickets.seal(session, binding);
  const opened = await tickets.open(ticket);
  expect(await tickets.open(ticket)).toEqual(opened);
  expect(decrypt).toHaveBeenCalledTimes(1);
  const at = ticket.length - 10;
  const altered = ticket.slice(0, at) + (ticket[at] === 'A' ? 'B' : 'A') + ticket.slice(at + 1);
  await expect(tickets.open(altered)).rejects.toMatchObject({ code: 'ticket-invalid' });
  clock.now = start + 7 * day;
  await expect(tickets.open(ticket)).rejects.toMatchObject({ code: 'ticket-expired' });
  clock.now = start;
});

it('forgets the tickets opened longest ago, and opens them again', async () => {
  const decrypt = vi.spyOn(crypto.subtle, 'decrypt');
  const tickets = codec();
  const first = await tickets.seal(session, binding);
  await tickets.open(first);
  for (let i = 0; i < 1000; i++) await tickets.open(await tickets.seal(session, binding));
  decrypt.mockClear();
  expect(await tickets.open(first)).toMatchObject({ callerId: 'ada' });
  expect(decrypt).toHaveBeenCalledTimes(1);
});
