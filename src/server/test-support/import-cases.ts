import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { EndpointError } from '../errors.js';
import type { ImportLink, Imports, ImportStatus, Provider, Session } from '../provider.js';
import { attachmentsFor, md5Hex, put } from './contract-driver.js';
import { fakeContext } from './fake-provider.js';
import type { LinkSource } from './link-source.js';

/** How long the emulated clouds let a link wait before they pull it. */
export const importWaitMs = 60_000;

interface ImportWorld {
  readonly provider: Provider;
  readonly linkSource?: LinkSource;
  readonly advance?: (ms: number) => void;
  readonly storedMd5s?: () => Promise<string[]>;
  readonly mediaFields?: ((mediaId: string) => Promise<unknown>) | undefined;
  readonly processingTimeoutMs?: number;
  readonly faults?: {
    readonly actions: { readonly import?: string };
    readonly next: (action: string, effect: { readonly loseReply?: boolean }) => Promise<void>;
  };
}

/** What every provider that imports from links must do. */
export function describeImports(world: () => ImportWorld): void {
  describe('imports from links', () => {
    const able = (skip: (note: string) => never) => {
      const { provider, linkSource, advance } = world();
      const { imports } = provider;
      if (!imports || !linkSource || !advance) return skip('the cloud pulls nothing, or cannot be reached');
      return driverOf({ provider, imports, source: linkSource, advance });
    };

    it('has the cloud pull a file from a link, byte for byte', async ({ skip }) => {
      const { source, begin, imported, details } = able(skip);
      const { url, bytes } = source.add();
      const session = await begin(url);
      const status = await imported(session);
      expect(status).toMatchObject({ outcome: 'imported', mediaId: expect.any(String) as string });
      if (status.outcome !== 'imported') return;
      expect(status.sizeBytes ?? bytes.length).toBe(bytes.length);
      expect(await world().storedMd5s?.()).toContain(md5Hex(bytes));
      world().advance?.(world().processingTimeoutMs ?? 5000);
      expect(await details(session, status.mediaId)).toMatchObject({
        mediaId: status.mediaId,
        provider: world().provider.id,
        status: 'ready',
      });
    });

    it('gives the cloud more links than one of its calls takes, and the same link twice', async ({
      skip,
    }) => {
      const { source, start, sessionOf, imported } = able(skip);
      const links = Array.from({ length: 24 }, () => source.add());
      const urls = [...links.map(({ url }) => url), links[0]?.url ?? ''];
      const sessions = (await start(urls)).map(sessionOf);
      const ids = await Promise.all(
        sessions.map(async (session) => {
          const status = await imported(session);
          return status.outcome === 'imported' ? status.mediaId : undefined;
        }),
      );
      expect(new Set(ids).size).toBe(urls.length);
      const stored = await world().storedMd5s?.();
      expect(stored).toEqual(expect.arrayContaining(links.map(({ bytes }) => md5Hex(bytes))));
    });

    it('says that a link failed whose file is missing, or is refused', async ({ skip }) => {
      const { source, begin, imported } = able(skip);
      for (const status of [404, 403, 500]) {
        const session = await begin(source.refusing(status));
        expect(await imported(session)).toMatchObject({ outcome: 'failed' });
      }
    });

    it('reports a failed import when the link leads to a server that is not allowed', async ({ skip }) => {
      const { begin, imported } = able(skip);
      expect(await imported(await begin('http://127.0.0.1:9/private.mp4'))).toMatchObject({
        outcome: 'failed',
      });
    });

    it('cancels an import that waits, where the cloud does', async ({ skip }) => {
      const { source, begin, end, status, advance } = able(skip);
      const { url } = source.add();
      const session = await begin(url);
      if (world().provider.capabilities.import?.cancel === 'never') {
        expect(await status(session)).toMatchObject({ outcome: 'running' });
        return expect(await end(session)).toBe('running');
      }
      expect(await status(session)).toMatchObject({ outcome: 'waiting' });
      expect(await end(session)).toBe('ended');
      advance(importWaitMs);
      expect(await status(session)).toMatchObject({ outcome: 'failed' });
      expect(await end(session)).toBe('ended');
      expect(source.requestsOf(url)).toBe(0);
    });

    it('does not say that it stopped an import that runs, and lets it arrive', async ({ skip }) => {
      const { source, begin, end, status, imported, advance } = able(skip);
      const { url, release } = source.addSlow();
      const session = await begin(url);
      advance(importWaitMs);
      expect(await status(session)).toMatchObject({ outcome: 'running' });
      await expect.poll(() => source.requestsOf(url)).toBe(1);
      expect(await end(session)).toBe('running');
      release();
      expect(await imported(session)).toMatchObject({ outcome: 'imported' });
    });

    it('tells the per cent of a running import only where it declares to', async ({ skip }) => {
      const { source, begin, status, advance } = able(skip);
      const { url, release } = source.addSlow();
      const session = await begin(url);
      advance(importWaitMs);
      const isPercent = world().provider.capabilities.import?.progress === 'percent';
      await expect
        .poll(async () => ((await status(session)) as { percent?: number }).percent)
        .toBe(isPercent ? 99 : undefined);
      release();
    });

    it('goes on with a source that does not end, without a false success', async ({ skip }) => {
      const { source, begin, status, advance } = able(skip);
      const url = source.endless();
      const session = await begin(url);
      advance(importWaitMs);
      await expect.poll(async () => (await status(session)).outcome).toBe('running');
      await expect.poll(() => source.requestsOf(url)).toBe(1);
      expect(await status(session)).toMatchObject({ outcome: 'running' });
    });

    it('deletes what has arrived when it is given up', async ({ skip }) => {
      const { source, begin, imported, end } = able(skip);
      const { url, bytes } = source.add();
      const session = await begin(url);
      expect(await imported(session)).toMatchObject({ outcome: 'imported' });
      world().advance?.(world().processingTimeoutMs ?? 5000);
      expect(await end(session)).toBe('ended');
      expect(await world().storedMd5s?.()).not.toContain(md5Hex(bytes));
    });

    it('takes a cover and subtitles for what has arrived, and another title, where it declares to', async ({
      skip,
    }) => {
      const { source, begin, imported, imports } = able(skip);
      const { provider } = world();
      const { attachments: kinds = [] } = provider.capabilities.import ?? {};
      const session = await begin(source.add().url);
      const status = await imported(session);
      if (status.outcome !== 'imported') throw new Error(status.outcome);
      const link = { host: '127.0.0.1', isImported: true };
      const arrived = { ...session, mediaId: status.mediaId, link };
      world().advance?.(world().processingTimeoutMs ?? 5000);
      await provider.update?.(
        arrived,
        { title: 'Another title', description: 'Harbor', tags: ['boats'] },
        fakeContext(),
      );
      const fields = JSON.stringify(await world().mediaFields?.(status.mediaId));
      for (const text of ['Another title', 'Harbor', 'boats']) expect(fields).toContain(text);

      const files = attachmentsFor(provider).filter(({ attachment }) => kinds.includes(attachment.kind));
      if (files.length === 0) return;
      const attached = await imports.attach?.(
        arrived,
        files.map(({ attachment }) => attachment),
        fakeContext(),
      );
      for (const [i, request] of (attached?.requests ?? []).entries())
        expect((await put(request, files[i]?.bytes ?? Buffer.alloc(0))).ok).toBe(true);
      expect(await world().storedMd5s?.()).toEqual(
        expect.arrayContaining(files.map(({ bytes }) => md5Hex(bytes))),
      );
      const [known] = await provider.details([{ ...arrived, state: attached?.state }], fakeContext());
      expect(known).toMatchObject({ status: 'ready' });
    });

    it('imports once what was given to the cloud twice because its answer was lost', async ({ skip }) => {
      const { source, begin, start, sessionOf, imported, linkOf, advance } = able(skip);
      const { faults } = world();
      const action = faults?.actions.import;
      if (!faults || !action) return skip('faults cannot be scripted');
      const { url } = source.add();
      const link = linkOf(url);
      await faults.next(action, { loseReply: true });
      const [first] = await start([link]);
      const answer = first instanceof EndpointError ? (await start([{ ...link, triedAt: 1 }]))[0] : first;
      if (answer instanceof EndpointError) {
        // The cloud has it, and does not say as what: that is what is said.
        expect(answer.code).toBe('import-lost');
        await imported(await begin(source.add().url));
      } else {
        expect(await imported(sessionOf(answer))).toMatchObject({ outcome: 'imported' });
      }
      advance(importWaitMs);
      expect(source.requestsOf(url)).toBeLessThanOrEqual(1);
    });
  });
}

interface DriverOptions {
  readonly provider: Provider;
  readonly imports: Imports;
  readonly source: LinkSource;
  readonly advance: (ms: number) => void;
}

type Started = Awaited<ReturnType<Imports['start']>>[number];

function driverOf({ provider, imports, source, advance }: DriverOptions) {
  const linkOf = (url: string): ImportLink => ({
    id: randomBytes(16).toString('hex'),
    url,
    extension: 'mp4',
    fileName: `clip ${randomBytes(4).toString('hex')}.mp4`,
  });
  const start = (links: readonly (string | ImportLink)[]) =>
    imports.start(
      links.map((link) => (typeof link === 'string' ? linkOf(link) : link)),
      fakeContext(),
    );
  const sessionOf = (started: Started | undefined): Session<unknown> => {
    if (!started || started instanceof EndpointError) throw started ?? new Error('no answer');
    return {
      id: crypto.randomUUID(),
      fileName: 'clip.mp4',
      sizeBytes: 0,
      transfer: { kind: 'single' },
      link: { host: '127.0.0.1' },
      ...started,
    };
  };
  const status = async (session: Session<unknown>): Promise<ImportStatus> => {
    const [found] = await imports.status([session], fakeContext());
    if (!found || found instanceof EndpointError) throw found ?? new Error('no answer');
    return found;
  };
  return {
    imports,
    source,
    advance,
    linkOf,
    start,
    sessionOf,
    status,
    begin: async (url: string) => sessionOf((await start([url]))[0]),
    end: (session: Session<unknown>) => imports.end(session, fakeContext()),
    /** Once the wait at the cloud is over: how it ends. */
    async imported(session: Session<unknown>): Promise<ImportStatus> {
      advance(importWaitMs);
      await expect
        .poll(async () => (await status(session)).outcome, { timeout: 10_000 })
        .toMatch(/imported|failed/);
      return status(session);
    },
    details: async (session: Session<unknown>, mediaId: string) =>
      (
        await provider.details(
          [{ ...session, mediaId, link: { host: '127.0.0.1', isImported: true } }],
          fakeContext(),
        )
      )[0],
  };
}
