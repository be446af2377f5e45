import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { SandboxContext } from './context.js';
import { defaultSettings, sandboxHuaweiAccount, type HuaweiAccount, type SandboxOptions } from './options.js';
import { createSandbox } from './sandbox.js';
import { ObjectStore } from './store/object-store.js';
import {
  defaultAlibabaSettings,
  sandboxAlibabaAccount,
  type AlibabaAccount,
} from './vendors/alibaba-vod/index.js';
import { defaultMetastudioSettings } from './vendors/huawei-metastudio/settings.js';
import { defaultS3Settings, sandboxS3Account, type S3Account } from './vendors/s3/account.js';
import { sandboxTencentAccount, type TencentAccount } from './vendors/tencent-vod/account.js';

export interface RunningSandbox {
  /** Origin of control planes, object stores, play addresses and control API. No trailing slash. */
  url: string;
  port: number;
  /** Configuration for a token endpoint that uses the sandbox. */
  credentials: {
    alibabaVod: AlibabaAccount & { endpoint: string; ossEndpoint: string };
    huaweiVod: HuaweiAccount & { endpoint: string; iamEndpoint: string; obsEndpoint: string };
    /** The same account as `huaweiVod`. */
    huaweiMetastudio: HuaweiAccount & { endpoint: string; iamEndpoint: string };
    s3: S3Account & { endpoint: string; stsEndpoint: string };
    tencentVod: TencentAccount & { endpoint: string; cosOrigin: string };
  };
  /** Aborts requests under way, closes the port and deletes the stored bytes. Idempotent. */
  close: () => Promise<void>;
}

/**
 * Starts the emulated clouds on one HTTP port. Rejects with the system's error (`code: 'EADDRINUSE'`) when the port is
 * taken.
 *
 * @example
 * const sandbox = await startSandbox();
 * const { endpoint, accessKey, secretKey, projectId } = sandbox.credentials.huaweiVod;
 * // … upload …
 * const objects = await (await fetch(`${sandbox.url}/__sandbox/objects`)).json();
 * await sandbox.close();
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const { port: wantedPort = 0, host = '127.0.0.1', now = Date.now, processingMs = 1500 } = options;
  const { settings: alibabaSettings, ...alibabaFields } = options.alibaba ?? {};
  const alibaba: AlibabaAccount = { ...sandboxAlibabaAccount, ...alibabaFields };
  const huawei: HuaweiAccount = { ...sandboxHuaweiAccount, ...options.huawei };
  const { settings: s3Settings, ...s3Fields } = options.s3 ?? {};
  const s3: S3Account = { ...sandboxS3Account, ...s3Fields };
  const tencent: TencentAccount = { ...sandboxTencentAccount, ...options.tencent };
  const directory = await freshDirectory(options.dataDir);
  let url = '';
  const context: SandboxContext = {
    baseUrl: () => url,
    now,
    processingMs,
    settings: { ...defaultSettings, ...options.settings },
    store: new ObjectStore(directory, now),
  };
  const sandbox = createSandbox(context, {
    alibaba: { ...alibaba, settings: { ...defaultAlibabaSettings, ...alibabaSettings } },
    huawei: { ...huawei, metastudio: { ...defaultMetastudioSettings, ...options.metastudio } },
    s3: { ...s3, settings: { ...defaultS3Settings, ...s3Settings } },
    tencent,
  });
  // Node's default of five minutes per request would end slow uploads. The stores detect idle bodies themselves.
  const server = createServer({ requestTimeout: 0 }, sandbox.handle);
  let port: number;
  try {
    port = await listen(server, wantedPort, host);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
  url = `http://${urlHost(host)}:${port}`;
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const stopped = new Promise<void>((done) => {
      server.close(() => {
        done();
      });
    });
    await sandbox.abortAll();
    server.closeAllConnections();
    await stopped;
    await rm(directory, { recursive: true, force: true });
  };
  return {
    url,
    port,
    credentials: {
      alibabaVod: { ...alibaba, endpoint: url, ossEndpoint: url },
      huaweiVod: { ...huawei, endpoint: url, iamEndpoint: url, obsEndpoint: url },
      huaweiMetastudio: { ...huawei, endpoint: url, iamEndpoint: url },
      s3: { ...s3, endpoint: url, stsEndpoint: url },
      tencentVod: { ...tencent, endpoint: url, cosOrigin: url },
    },
    close: () => (closed ??= close()),
  };
}

/** A new folder, so that closing can delete exactly what the sandbox wrote. */
async function freshDirectory(dataDir: string | undefined): Promise<string> {
  const parent = resolve(dataDir ?? tmpdir());
  await mkdir(parent, { recursive: true });
  return await mkdtemp(join(parent, 'vodrop-sandbox-'));
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        error.message = `The sandbox cannot listen on ${host}:${port}: the port is taken.`;
      fail(error);
    });
    server.listen(port, host, () => {
      const address = server.address();
      done(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/** An address that clients can connect to; "any interface" is not one. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
