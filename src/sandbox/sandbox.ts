import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SandboxContext } from './context.js';
import { controlPrefix, handleControl } from './control.js';
import { FaultList } from './faults.js';
import { Flight } from './flight.js';
import { notImplemented, sendReply, type Reply } from './http/reply.js';
import type { SandboxRequest } from './http/request.js';
import { Journal } from './journal.js';
import type { HuaweiAccount } from './options.js';
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

/** The emulated clouds, whatever server stands in front of them. */
export interface Sandbox {
  /** For `http.createServer` or a dev server's middleware. Never throws. */
  handle: (incoming: IncomingMessage, response: ServerResponse) => void;
  /** Ends what is in flight and waits until it has let go of its files. */
  abortAll: () => Promise<void>;
}

export function createSandbox(
  context: SandboxContext,
  accounts: {
    alibaba: AlibabaAccount & { settings: AlibabaSettings };
    huawei: HuaweiAccount & { metastudio: MetastudioSettings };
    s3: S3Account & { settings: S3Settings };
    tencent: TencentAccount;
  },
): Sandbox {
  // A new vendor adds its services here; the first to claim a request gets it.
  const tokens = new TokenDesk(accounts.huawei, context.now);
  const services: Service[] = [
    // First, since it claims by a header and a signature of its own only, where others take every call to the root.
    ...createTencentVod(context, accounts.tencent),
    ...createS3(context, accounts.s3),
    ...createAlibabaVod(context, accounts.alibaba, accounts.alibaba.settings),
    ...createHuaweiVod(context, accounts.huawei, tokens),
    ...createHuaweiMetastudio(context, accounts.huawei, accounts.huawei.metastudio, tokens),
  ];
  const journal = new Journal();
  const faults = new FaultList();
  const flights = new Set<Flight>();

  const abortAll = async (): Promise<void> => {
    const all = [...flights];
    for (const flight of all) flight.abort();
    await Promise.all(all.map((flight) => flight.landed));
  };

  const reset = async (): Promise<void> => {
    await abortAll();
    await context.store.clear();
    for (const service of services) service.reset();
    journal.clear();
    faults.clear();
  };

  const handle = (incoming: IncomingMessage, response: ServerResponse): void => {
    const flight = new Flight(incoming, response, context.settings.idleTimeoutMs, context.now);
    const { request } = flight;
    if (request.path.startsWith(controlPrefix)) {
      answer(flight, handleControl(request, { store: context.store, services, journal, faults, reset }));
      return;
    }
    const call = claim(services, request);
    if (!call) {
      answer(flight, Promise.resolve(notImplemented(`${request.method} ${request.path}`)));
      return;
    }
    const target = describe(call, request, incoming.method ?? '');
    const entry = journal.open({
      ...target,
      at: new Date(context.now()).toISOString(),
      partNumber: target.partNumber ?? null,
      object: target.plane === 'data' ? request.path : null,
    });
    // A preflight is the browser's doing, not the uploader's: no rule falls on it.
    const effect = request.isPreflight ? {} : faults.take(target);
    flights.add(flight);
    void flight.serve(call, effect, faults.cleared, entry).finally(() => flights.delete(flight));
  };

  return { handle, abortAll };
}

function claim(services: readonly Service[], request: SandboxRequest): Call | undefined {
  for (const service of services) {
    const call = service.claim(request);
    if (call) return call;
  }
  return undefined;
}

/** For what has no vendor: neither weather nor journal. */
function answer({ request, response }: Flight, reply: Promise<Reply>): void {
  reply
    .then((value) => sendReply(response, value, request.method === 'HEAD'))
    .catch((error: unknown) => {
      // A client that hung up in the middle of its own request is none of our trouble.
      if (!response.destroyed) process.emitWarning(error instanceof Error ? error : String(error));
      response.destroy();
    });
}

function describe(
  call: Call,
  request: SandboxRequest,
  method: string,
): Pick<Call, 'provider' | 'plane' | 'action' | 'partNumber'> & { method: string } {
  const { provider, plane, action, partNumber } = call;
  if (request.isPreflight) return { provider, plane, action: 'Preflight', method };
  return { provider, plane, action, method, ...(partNumber === undefined ? {} : { partNumber }) };
}
