import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxContext } from './context.js';
import { controlPrefix, handleControl } from './control.js';
import { createNotifications } from './events/service.js';
import { FaultList } from './faults.js';
import { corsHeaders } from './http/cors.js';
import { notImplemented, sendReply, type Reply } from './http/reply.js';
import type { SandboxRequest } from './http/request.js';
import type { HuaweiAccount } from './options.js';
import { RequestLog } from './request-log.js';
import { RequestRun } from './request-run.js';
import type { Call, Service } from './service.js';
import { createAlibabaVod, type AlibabaAccount, type AlibabaSettings } from './vendors/alibaba-vod/index.js';
import { createHuaweiMetastudio } from './vendors/huawei-metastudio/index.js';
import type { MetastudioSettings } from './vendors/huawei-metastudio/settings.js';
import { createHuaweiVod } from './vendors/huawei-vod/index.js';
import { TokenDesk } from './vendors/huawei-vod/tokens.js';
import type { S3Account, S3Settings } from './vendors/s3/account.js';
import { createS3 } from './vendors/s3/index.js';
import type { TencentAccount } from './vendors/tencent-vod/account.js';
import { createTencentVod } from './vendors/tencent-vod/index.js';

/** The emulated clouds, independent of the HTTP server. */
export interface Sandbox {
  /** For `http.createServer` or a dev server's middleware. Never throws. */
  handle: (incoming: IncomingMessage, response: ServerResponse) => void;
  /** Aborts all requests and messages under way, and waits until their files are closed. */
  close: () => Promise<void>;
}

interface Accounts {
  alibaba: AlibabaAccount & { settings: AlibabaSettings };
  huawei: HuaweiAccount & { metastudio: MetastudioSettings };
  s3: S3Account & { settings: S3Settings };
  tencent: TencentAccount;
}

/** A new vendor adds its services here; the first service that claims a request handles it. */
function createServices(context: SandboxContext, accounts: Accounts): Service[] {
  const tokens = new TokenDesk(accounts.huawei, context.now);
  return [
    createNotifications(context.events),
    // First of the vendors: it claims only requests with its own header or signature, others claim every request to the root.
    ...createTencentVod(context, accounts.tencent),
    ...createS3(context, accounts.s3),
    ...createAlibabaVod(context, accounts.alibaba, accounts.alibaba.settings),
    ...createHuaweiVod(context, accounts.huawei, tokens),
    ...createHuaweiMetastudio(context, accounts.huawei, accounts.huawei.metastudio, tokens),
  ];
}

export function createSandbox(context: SandboxContext, accounts: Accounts): Sandbox {
  const services = createServices(context, accounts);
  const requestLog = new RequestLog();
  const faults = new FaultList();
  const runs = new Set<RequestRun>();

  const abortAll = async (): Promise<void> => {
    context.events.reset();
    services.forEach((service) => service.stop?.());
    await Promise.all(
      [...runs].map((run) => {
        run.abort();
        return run.settled;
      }),
    );
  };

  const reset = async (): Promise<void> => {
    await abortAll();
    await context.store.clear();
    for (const service of services) service.reset();
    requestLog.clear();
    faults.clear();
  };

  const handle = (incoming: IncomingMessage, response: ServerResponse): void => {
    const run = new RequestRun(incoming, response, context.settings.idleTimeoutMs, context.now);
    const { request } = run;
    if (request.path.startsWith(controlPrefix)) {
      const { store, events, baseUrl, settings } = context;
      const { controlOrigins } = settings;
      answer(
        run,
        handleControl(request, {
          store,
          events,
          services,
          requestLog,
          faults,
          reset,
          baseUrl,
          controlOrigins,
        }),
      );
      return;
    }
    const call = claim(services, request);
    if (!call) {
      const reply = notImplemented(`${request.method} ${request.path}`);
      // So that a page sees the status instead of a network error.
      const { allowedOrigins } = context.settings;
      const cors = corsHeaders(request, { allowedOrigins, exposeHeaders: [], onErrors: true }, reply.status);
      answer(run, Promise.resolve({ ...reply, headers: { ...reply.headers, ...cors } }));
      return;
    }
    const target = targetOf(call, request, incoming.method ?? '');
    const entry = requestLog.open({
      ...target,
      at: new Date(context.now()).toISOString(),
      partNumber: target.partNumber ?? null,
      object: target.plane === 'data' ? request.path : null,
    });
    // Fault rules do not apply to preflights: the browser sends them, not the uploader.
    const effect = request.isPreflight ? {} : faults.take(target);
    runs.add(run);
    void run.serve(call, effect, faults.cleared, entry).finally(() => runs.delete(run));
  };

  return { handle, close: abortAll };
}

function claim(services: readonly Service[], request: SandboxRequest): Call | undefined {
  for (const service of services) {
    const call = service.claim(request);
    if (call) return call;
  }
  return undefined;
}

/** Answers a request to no vendor: without fault rules, and not logged. */
function answer({ request, response }: RequestRun, reply: Promise<Reply>): void {
  reply
    .then((value) => sendReply(response, value, request.method === 'HEAD'))
    .catch((error: unknown) => {
      // The client disconnected: not an error of the sandbox.
      if (!response.destroyed) process.emitWarning(error instanceof Error ? error : String(error));
      response.destroy();
    });
}

function targetOf(
  call: Call,
  request: SandboxRequest,
  method: string,
): Pick<Call, 'provider' | 'plane' | 'action' | 'partNumber'> & { method: string } {
  const { provider, plane, action, partNumber } = call;
  if (request.isPreflight) return { provider, plane, action: 'Preflight', method };
  return { provider, plane, action, method, partNumber };
}
