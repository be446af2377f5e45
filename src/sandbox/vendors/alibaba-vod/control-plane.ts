import { randomUUID } from 'node:crypto';
import { vodErrors, vodVersion } from '../../../vendors/alibaba-vod.js';
import type { FaultEffect } from '../../faults.js';
import { BodyTooLarge, readAll } from '../../http/body.js';
import { firstValue, parseQuery, type QueryPair } from '../../http/encoding.js';
import { json, notImplemented, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { Call, MediaEntry, Service } from '../../service.js';
import { authenticate, type Gate } from './authenticate.js';
import { provider, statusOf, type Vod } from './call.js';
import { isVodErrorCode, usualVodCode, VodError } from './errors.js';
import type { AnyMedium } from './media.js';
import { NonceCache } from './nonces.js';
import { Params } from './params.js';
import { actions, notEmulatedActions } from './routes.js';
import { answerDocument } from './xml.js';

const maxBodyBytes = 1024 * 1024;

/** ApsaraVideo VOD, API version 2017-03-21: all actions at `/`, by GET, by a form, or by POST with all parameters in the query. */
export function createControlPlane(vod: Vod): Service {
  const gate: Gate = { vod, nonces: new NonceCache() };

  const claim = (request: SandboxRequest): Call | undefined => {
    if (!isOurs(request)) return undefined;
    const named = request.header('x-acs-action') ?? firstValue(request.query, 'Action');
    return {
      provider,
      plane: 'control',
      // An action named in a form is not known before the body has been read.
      action: named ?? 'Unknown',
      cors: null,
      perform: (effect) => perform(gate, request, effect),
      refuse: (status, code) => faultReply(vod, request, status, code),
      refusePreflight: () =>
        render(
          { vod, request, params: [] },
          'Error',
          404,
          errorBody(request, new VodError('InvalidAction.NotFound')),
        ),
    };
  };

  return {
    claim,
    media: () => vod.media.all().map((medium) => mediaEntry(vod, medium)),
    stop: () => vod.pulls.clear(),
    reset: () => {
      vod.jobs.clear();
      vod.media.clear();
      vod.sts.clear();
      gate.nonces.clear();
    },
  };
}

function isOurs(request: SandboxRequest): boolean {
  if (request.path !== '/' || firstValue(request.query, 'SecretId') !== undefined) return false;
  if (
    /^vod(-vpc)?\.([a-z0-9-]+\.)?aliyuncs\.com(:\d+)?$/.test(request.host) ||
    request.header('x-acs-action') !== undefined ||
    firstValue(request.query, 'SignatureMethod') !== undefined
  )
    return true;
  if (firstValue(request.query, 'Version') === vodVersion) return true;
  return (
    request.method === 'POST' &&
    (request.header('content-type') ?? '').startsWith('application/x-www-form-urlencoded') &&
    request.header('authorization') === undefined
  );
}

async function perform(gate: Gate, request: SandboxRequest, effect: FaultEffect): Promise<Reply> {
  const { vod } = gate;
  let params: readonly QueryPair[] = request.query;
  try {
    const body = await readAll(request.body, maxBodyBytes);
    params = [...request.query, ...parseQuery(body.toString('utf8').replaceAll('+', '%20'))];
    // Without a vendor's host, a form is recognized only by its parameters: these are Tencent's.
    if (firstValue(params, 'SecretId') !== undefined) return notImplemented("Tencent's API signature v1");
    const action = request.header('x-acs-action') ?? firstValue(params, 'Action');
    const version = request.header('x-acs-version') ?? firstValue(params, 'Version');
    if (action === undefined) throw new VodError('MissingParameter', 'Action');
    if (version !== vodVersion)
      throw version === undefined
        ? new VodError('MissingParameter', 'Version')
        : new VodError('InvalidVersion');
    const handle = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!handle && notEmulatedActions.has(action)) return notImplemented(action);
    if (!handle) throw new VodError('InvalidAction.NotFound');
    authenticate(gate, { request, params, body, isExpired: effect.expire === true });
    const answer = await handle({ vod, params: new Params(params) });
    return render({ vod, request, params }, `${action}Response`, 200, {
      RequestId: newRequestId(),
      ...answer,
    });
  } catch (error) {
    if (error instanceof BodyTooLarge)
      return render(
        { vod, request, params },
        'Error',
        400,
        errorBody(request, new VodError('InvalidParameter', 'body')),
      );
    if (error instanceof VodError)
      return render({ vod, request, params }, 'Error', error.status, errorBody(request, error));
    throw error;
  }
}

/** V3 answers JSON; the older version answers XML by default. */
function render(
  { vod, request, params }: { vod: Vod; request: SandboxRequest; params: readonly QueryPair[] },
  root: string,
  status: number,
  body: Record<string, unknown>,
): Reply {
  const format =
    firstValue(params, 'Format') ??
    ((request.header('authorization') ?? '').startsWith('ACS3-') ? 'JSON' : 'XML');
  const headers = { 'x-acs-request-id': String(body['RequestId']) };
  if (format.toUpperCase() === 'JSON') return json(status, body, headers);
  return {
    status,
    headers: { 'Content-Type': 'text/xml;charset=utf-8', ...headers },
    body: answerDocument(vod.context.settings.xmlStyle, root, body),
  };
}

function errorBody(
  { host }: SandboxRequest,
  { code, message }: { code: string; message: string },
): Record<string, unknown> {
  const requestId = newRequestId();
  const recommend = `https://api.aliyun.com/troubleshoot?q=${code}&product=vod&requestId=${requestId}`;
  return { RequestId: requestId, HostId: host, Code: code, Message: message, Recommend: recommend };
}

/** The reply for a fault rule's status. The status of throttling is a setting. */
function faultReply(vod: Vod, request: SandboxRequest, status: number, code: string | undefined): Reply {
  const name = code ?? usualVodCode(status);
  const message = isVodErrorCode(name) ? vodErrors[name][1] : name;
  return render(
    { vod, request, params: request.query },
    'Error',
    name === 'Throttling.User' ? vod.settings.throttlingStatus : status,
    errorBody(request, { code: name, message }),
  );
}

function mediaEntry(vod: Vod, medium: AnyMedium): MediaEntry {
  const { mediaId, kind, bucket, key, title, description, tags, appId, userData } = medium;
  const own =
    kind === 'video'
      ? {
          fileName: medium.fileName,
          coverUrl: medium.coverUrl,
          cateId: medium.cateId ?? null,
          templateGroupId: medium.templateGroupId,
          workflowId: medium.workflowId,
        }
      : {
          extension: medium.extension,
          imageType: kind === 'image' ? medium.imageType : undefined,
          businessType: kind === 'image' ? undefined : medium.businessType,
        };
  const status =
    kind === 'video' ? statusOf(vod, medium) : medium.storedAt === undefined ? 'Uploading' : 'Normal';
  return {
    provider,
    mediaId,
    status,
    fields: { kind, title, description, tags, appId, userData, ...own, bucket, object: key },
  };
}

/** As in `8906582E-6722-409A-A6C4-0E7863B733A5`. */
function newRequestId(): string {
  return randomUUID().toUpperCase();
}
