import type { EventOutbox } from './events/outbox.js';
import { parseEventOrder } from './events/order.js';
import { FaultRuleError, parseFaultRules, type FaultList } from './faults.js';
import { BodyTooLarge, readAll } from './http/body.js';
import { json, type Reply, type ReplyHeaders } from './http/reply.js';
import type { SandboxRequest } from './http/request.js';
import type { RequestLog } from './request-log.js';
import type { Service } from './service.js';
import type { ObjectStore } from './store/object-store.js';
import { quote } from './store/object-store.js';

export interface ControlTargets {
  store: ObjectStore;
  events: EventOutbox;
  services: readonly Service[];
  requestLog: RequestLog;
  faults: FaultList;
  /** The sandbox's own origin. */
  baseUrl: () => string;
  /** Of pages elsewhere that may use the control API. */
  controlOrigins: readonly string[];
  /** Ends all requests under way, and deletes everything but buckets and settings. */
  reset: () => Promise<void>;
}

export const controlPrefix = '/__sandbox/';
const maxBodyBytes = 1024 * 1024;

/** This machine, by every name that it has for itself. */
const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/i;

/**
 * The sandbox's control API, for development and tests:
 *
 * - `GET objects`, `GET uploads` (open multipart uploads), `GET media`
 * - `DELETE uploads`: aborts all open multipart uploads, as a store's lifecycle rule does
 * - `GET requests`: all requests to the emulated services in order of arrival; `?preflights=1` adds the browsers' OPTIONS
 * - `GET faults`, `POST faults` (appends rules), `DELETE faults` (removes them and releases held requests): all answer
 *   the remaining rules
 * - `GET events`: the messages about media that were sent, with the status of each attempt, and how many subscriptions
 *   were confirmed; `POST events` with `{ "switches": { "drop": true, … } }` for messages from now on, or
 *   `{ "subscribe": "huawei" }` (or `s3`) to ask the receiver to confirm
 * - `POST reset`: deletes objects, uploads, media, requests and rules; aborts requests under way
 */
export async function handleControl(request: SandboxRequest, targets: ControlTargets): Promise<Reply> {
  const origin = request.header('origin');
  if (!isOwnHost(request, targets) || !isOwnOrigin(origin, targets)) return forbidden;
  const reply = request.isPreflight ? { status: 204 } : await route(request, targets);
  return { ...reply, headers: { ...reply.headers, ...accessHeaders(origin) } };
}

/** The sandbox is a server on a developer's machine: another site must not steer it through the browser. */
const forbidden: Reply = json(403, {
  code: 'forbidden',
  message:
    'The control API of the sandbox is for pages on this machine; name others in the setting `controlOrigins`.',
});

/** A page of another site can have a name that leads to this machine ("DNS rebinding"). */
function isOwnHost(request: SandboxRequest, { baseUrl, controlOrigins }: ControlTargets): boolean {
  const asked = URL.canParse(`http://${request.host}`) ? new URL(`http://${request.host}`) : undefined;
  if (!asked) return false;
  const known = [baseUrl(), ...controlOrigins].map((origin) => new URL(origin).hostname);
  return loopback.test(asked.hostname) || known.includes(asked.hostname);
}

/** Requests without an origin are no page's. */
function isOwnOrigin(origin: string | undefined, { baseUrl, controlOrigins }: ControlTargets): boolean {
  if (origin === undefined || origin === baseUrl() || controlOrigins.includes(origin)) return true;
  return URL.canParse(origin) && loopback.test(new URL(origin).hostname);
}

function accessHeaders(origin: string | undefined): ReplyHeaders {
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Methods': 'GET, POST, DELETE',
    'Access-Control-Allow-Headers': '*',
    Vary: 'Origin',
  };
}

async function route(request: SandboxRequest, targets: ControlTargets): Promise<Reply> {
  const resource = request.path.slice(controlPrefix.length);
  switch (`${request.method} ${resource}`) {
    case 'GET objects':
      return json(200, listObjects(targets.store));
    case 'GET uploads':
      return json(200, listUploads(targets.store));
    case 'DELETE uploads':
      await Promise.all(targets.store.uploads().map((upload) => targets.store.abort(upload)));
      return json(200, []);
    case 'GET media':
      return json(
        200,
        targets.services.flatMap((service) => service.media?.() ?? []),
      );
    case 'GET requests':
      return json(200, listRequests(request, targets.requestLog));
    case 'GET events':
      return json(200, { messages: targets.events.entries, confirmed: targets.events.confirmed });
    case 'POST events':
      return await orderEvents(request, targets.events);
    case 'GET faults':
      return json(200, { rules: targets.faults.rules });
    case 'POST faults':
      return await addFaults(request, targets.faults);
    case 'DELETE faults':
      targets.faults.clear();
      return json(200, { rules: [] });
    case 'POST reset':
      await targets.reset();
      return json(200, {});
    default:
      return json(404, {
        code: 'not-found',
        message: `The sandbox's control API has no ${request.method} ${controlPrefix}${resource}.`,
      });
  }
}

function listObjects(store: ObjectStore): unknown[] {
  return store.objects().map((object) => ({
    provider: store.providerOf(object.bucket),
    bucket: object.bucket,
    key: object.key,
    size: object.sizeBytes,
    md5Hex: object.md5Hex,
    etag: object.etag,
    parts: object.parts.map(({ partNumber, sizeBytes, etag }) => ({ partNumber, size: sizeBytes, etag })),
  }));
}

function listUploads(store: ObjectStore): unknown[] {
  return store.uploads().map((upload) => ({
    provider: store.providerOf(upload.bucket),
    bucket: upload.bucket,
    key: upload.key,
    uploadId: upload.uploadId,
    parts: [...upload.parts.values()]
      .sort((a, b) => a.partNumber - b.partNumber)
      .map(({ partNumber, sizeBytes, md5Hex }) => ({ partNumber, size: sizeBytes, etag: quote(md5Hex) })),
  }));
}

function listRequests(request: SandboxRequest, requestLog: RequestLog): unknown[] {
  const isComplete = request.query.some(([name, value]) => name === 'preflights' && value === '1');
  return requestLog.entries.filter(({ action }) => isComplete || action !== 'Preflight');
}

async function addFaults(request: SandboxRequest, faults: FaultList): Promise<Reply> {
  try {
    faults.add(parseFaultRules(JSON.parse((await readAll(request.body, maxBodyBytes)).toString('utf8'))));
  } catch (error) {
    if (error instanceof SyntaxError) return badRequest('The body is not JSON.');
    if (error instanceof FaultRuleError || error instanceof BodyTooLarge) return badRequest(error.message);
    throw error;
  }
  return json(200, { rules: faults.rules });
}

async function orderEvents(request: SandboxRequest, events: EventOutbox): Promise<Reply> {
  try {
    const { switches, subscribe } = parseEventOrder(
      JSON.parse((await readAll(request.body, maxBodyBytes)).toString('utf8')),
    );
    if (switches) events.setSwitches(switches);
    if (subscribe && !events.subscribe(subscribe)) return badRequest(`There is no topic of ${subscribe}.`);
  } catch (error) {
    if (error instanceof SyntaxError) return badRequest('The body is not JSON.');
    if (error instanceof TypeError || error instanceof BodyTooLarge) return badRequest(error.message);
    throw error;
  }
  return json(200, {});
}

function badRequest(message: string): Reply {
  return json(400, { code: 'bad-request', message });
}
