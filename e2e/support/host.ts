import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test as base, type Page } from '@playwright/test';
import { Sandbox } from './sandbox.js';
import { slowStore } from './slow-store.js';
import { Widget } from './widget.js';

const dist = path.join(import.meta.dirname, '..', '..', 'dist');
const types: Record<string, string> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
};

/** Of each connection: three and six of them are no quick line. */
const slowBytesPerSecond = 2.5e6;

const firstSecret = 'a secret for tests of at least 32 characters';

type Headers = Record<string, string>;
type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** What the tests use of the built package. */
interface BuiltSandbox {
  url: string;
  credentials: Record<'huaweiVod' | 'alibabaVod' | 'tencentVod' | 's3', Record<string, string>>;
  close(): Promise<void>;
}
interface BuiltPackage {
  startSandbox(options: {
    port: number;
    processingMs: number;
    settings: { allowedOrigins: readonly string[] };
  }): Promise<BuiltSandbox>;
  createTokenEndpoint(options: object): unknown;
  huaweiVod(options: object): unknown;
  alibabaVod(options: object): unknown;
  tencentVod(options: object): unknown;
  s3(options: object): unknown;
  toNodeListener(endpoint: unknown): Listener;
}

/**
 * A site that has the built package under `/dist/`, a token endpoint at `/api/uploads`, and the pages that a test puts
 * there, with the headers that the test chooses. A second origin serves the same files, as a CDN does.
 */
export class Host {
  url = '';
  cdnUrl = '';
  sandboxUrl = '';
  /** Both names of the bucket of the provider `s3-two-names`, at which no connection carries much. */
  storeNames: readonly string[] = [];
  /** Headers of every file of a folder. */
  fileHeaders: Headers = {};
  /** True: the endpoint answers pages that have no origin of their own. */
  allowsNullOrigin = false;
  /** Folders of files, by the address that they are served under. */
  readonly folders = new Map([
    ['/dist/', dist],
    ['/vodrop/', path.join(dist, 'cdn')],
  ]);
  /** Files of these folders that are not served. */
  missingFiles: readonly string[] = [];
  /** The secret of the endpoint: a ticket of another one is not accepted. */
  secret = firstSecret;
  /** In the CORS rules of the buckets; the sandbox reads them at each request. */
  readonly #bucketOrigins: string[] = [];
  readonly #pages = new Map<string, { html: string; headers: Headers }>();
  #close: () => Promise<void> = () => Promise.resolve();

  async start(): Promise<void> {
    const built = async (name: string) =>
      (await import(pathToFileURL(path.join(dist, name)).href)) as BuiltPackage;
    const [{ startSandbox }, server] = await Promise.all([built('sandbox.js'), built('server.js')]);
    const { createTokenEndpoint, toNodeListener } = server;
    const settings = { allowedOrigins: this.#bucketOrigins };
    const sandbox = await startSandbox({ port: 0, processingMs: 300, settings });
    const slow = await slowStore(Number(new URL(sandbox.url).port), slowBytesPerSecond);
    const { bucket } = sandbox.credentials.s3;
    this.storeNames = [`http://localhost:${slow.port}`, `http://${bucket}.localhost:${slow.port}`];
    const providers = providersOf(sandbox, server, this.storeNames[0]);
    const authorize = () => ({ id: 'ann', options: 'any' });
    const endpoints = new Map<string, Listener>();
    const tokens: Listener = (request, response) => {
      const { secret } = this;
      const options = { providers, authorize, secret };
      // As a host makes it whose secret comes with the environment of the server.
      const make = () => (secret === '' ? createTokenEndpoint(() => options) : createTokenEndpoint(options));
      const endpoint = endpoints.get(secret) ?? toNodeListener(make());
      endpoints.set(secret, endpoint);
      endpoint(request, response);
    };
    const listener: Listener = (request, response) => void this.#answer(request, response, tokens);
    const servers = [createServer(listener), createServer(listener)];
    const [url = '', cdnUrl = ''] = await Promise.all(servers.map(listen));
    Object.assign(this, { url, cdnUrl, sandboxUrl: sandbox.url });
    this.#close = async () => {
      for (const server of servers) server.closeAllConnections();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
      await slow.close();
      await sandbox.close();
    };
  }

  close(): Promise<void> {
    return this.#close();
  }

  reset(): void {
    this.#pages.clear();
    this.fileHeaders = {};
    this.allowsNullOrigin = false;
    this.missingFiles = [];
    this.secret = firstSecret;
    // `null` is the origin of a frame that has none.
    this.allowInBuckets(this.url, 'null');
  }

  allowInBuckets(...origins: readonly string[]): void {
    this.#bucketOrigins.splice(0, Infinity, ...origins);
  }

  put(address: string, html: string, headers: Headers = {}): void {
    this.#pages.set(address, { html, headers });
  }

  async #answer(request: IncomingMessage, response: ServerResponse, tokens: Listener): Promise<void> {
    const { pathname } = new URL(request.url ?? '/', 'http://host');
    const page = this.#pages.get(pathname);
    const place = [...this.folders].find(([prefix]) => pathname.startsWith(prefix));
    if (pathname.startsWith('/api/uploads')) {
      if (this.allowsNullOrigin) {
        response.setHeader('access-control-allow-origin', 'null');
        response.setHeader('access-control-allow-headers', 'content-type');
        if (request.method === 'OPTIONS') response.writeHead(204).end();
        else tokens(request, response);
      } else tokens(request, response);
    } else if (page) {
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.html);
    } else if (place) {
      const [prefix, folder] = place;
      const file = path.join(folder, path.normalize(pathname.slice(prefix.length - 1)));
      const isMissing = this.missingFiles.includes(path.basename(file));
      const content = isMissing ? undefined : await readFile(file).catch(() => undefined);
      const type = types[path.extname(file)] ?? 'application/octet-stream';
      if (content) response.writeHead(200, { 'content-type': type, ...this.fileHeaders }).end(content);
      else response.writeHead(404).end();
    } else response.writeHead(pathname === '/favicon.ico' ? 204 : 404).end();
  }
}

/** The clouds that examples name, as the sandbox emulates them. */
function providersOf(
  { credentials }: BuiltSandbox,
  { huaweiVod, alibabaVod, tencentVod, s3 }: BuiltPackage,
  slowEndpoint = '',
): readonly unknown[] {
  const of = ({ endpoint, projectId, region, bucket, cosOrigin, ...keys }: Record<string, string>) => ({
    ...{ endpoint, projectId, region, bucket, cosOrigin },
    credentials: keys,
  });
  return [
    huaweiVod(of(credentials.huaweiVod)),
    alibabaVod(of(credentials.alibabaVod)),
    tencentVod(of(credentials.tencentVod)),
    s3(of(credentials.s3)),
    s3({ ...of(credentials.s3), id: 's3-two-names', endpoint: slowEndpoint, secondName: true }),
  ];
}

function listen(server: ReturnType<typeof createServer>): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    );
  });
}

export const nonce = 'bm9uY2U';

/** The policy of the CSP guide: nothing by default, a nonce for the one script, no `unsafe-*`, no WebAssembly. */
export const strictPolicy = (host: Host, ...more: string[]) =>
  [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'`,
    "worker-src 'self'",
    `connect-src 'self' ${host.sandboxUrl}`,
    'img-src blob:',
    `media-src blob: ${host.sandboxUrl}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'self'",
    ...more,
  ].join('; ');

/** Counts what a policy of the page has forbidden, in the page and in frames: violations of CSP and of permissions. */
export async function watchViolations(page: Page): Promise<string[]> {
  const violations: string[] = [];
  await page.exposeBinding('vodropViolation', (_source, what: string) => violations.push(what));
  await page.addInitScript(() => {
    const tell = (what: string) =>
      void (window as unknown as { vodropViolation: (what: string) => void }).vodropViolation(what);
    document.addEventListener('securitypolicyviolation', (event) =>
      tell(
        `${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
      ),
    );
    new ReportingObserver(
      (reports) => {
        for (const { type, body } of reports as unknown as { type: string; body: unknown }[])
          if (type !== 'csp-violation' && type !== 'deprecation') tell(`${type} ${JSON.stringify(body)}`);
      },
      { buffered: true },
    ).observe();
  });
  return violations;
}

declare class ReportingObserver {
  constructor(callback: (reports: readonly unknown[]) => void, options: { buffered: boolean });
  observe(): void;
}

export const test = base.extend<{ host: Host; widget: Widget; sandbox: Sandbox }, { site: Host }>({
  site: [
    async ({}, use) => {
      const site = new Host();
      await site.start();
      await use(site);
      await site.close();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  host: async ({ site }, use) => {
    site.reset();
    await use(site);
  },
  baseURL: async ({ site }, use) => {
    await use(site.url);
  },
  sandbox: async ({ site }, use) => {
    const sandbox = new Sandbox(site.sandboxUrl);
    await sandbox.reset();
    await use(sandbox);
    await sandbox.clearFaults();
  },
  widget: async ({ page }, use) => {
    await use(new Widget(page));
  },
});

export { expect };
