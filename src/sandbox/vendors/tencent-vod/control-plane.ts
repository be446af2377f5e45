import { apiHeaders, apiVersion } from '../../../vendors/tencent-vod.js';
import type { FaultEffect } from '../../faults.js';
import { BodyTooLarge, readAll } from '../../http/body.js';
import { firstValue } from '../../http/encoding.js';
import { notImplemented, type Reply } from '../../http/reply.js';
import type { SandboxRequest } from '../../http/request.js';
import type { MediaEntry, Service } from '../../service.js';
import { applyUpload } from './apply-upload.js';
import { authenticate } from './authenticate.js';
import type { Action, Vod } from './call.js';
import { commitUpload } from './commit-upload.js';
import { deleteMedia } from './delete-media.js';
import { describeMediaInfos } from './describe-media-infos.js';
import { answer, faultReply, refusal, TencentError } from './errors.js';
import { modifyMediaInfo } from './modify-media-info.js';
import { Parameters, unflatten } from './parameters.js';
import { describeTaskDetail, manageTask, pullUpload } from './pull-upload.js';
import { RateLimit } from './rate-limit.js';
import { describeState } from './states.js';

export const provider = 'tencent-vod';

const actions: Readonly<Record<string, Action>> = {
  ApplyUpload: applyUpload,
  CommitUpload: commitUpload,
  DescribeMediaInfos: describeMediaInfos,
  DeleteMedia: deleteMedia,
  ModifyMediaInfo: modifyMediaInfo,
  PullUpload: pullUpload,
  DescribeTaskDetail: describeTaskDetail,
  ManageTask: manageTask,
};

/** Actions of the vendor that are not emulated: 501, unlike actions that do not exist. */
const notEmulated = new Set([
  'AttachMediaSubtitles',
  'ConfirmEvents',
  'DescribeEventConfig',
  'DescribeTasks',
  'ModifyEventConfig',
  'ProcessMedia',
  'PullEvents',
  'SearchMedia',
]);

/** API 3.0, "Request structure": 10 MB of JSON. */
const maxBodyBytes = 10 * 1024 * 1024;

/** VOD's API 3.0: one path, the action in a header, always HTTP 200. */
export function createControlPlane(vod: Vod): Service {
  const { context, uploads } = vod;
  const rate = new RateLimit();

  const perform = async (request: SandboxRequest, name: string, effect: FaultEffect): Promise<Reply> => {
    const body = await readBodyOrRefuse(request);
    authenticate(vod, request, body, effect.expire === true);
    if (notEmulated.has(name)) return notImplemented(name);
    const action = actions[name];
    if (!action || !Object.hasOwn(actions, name))
      throw new TencentError('InvalidAction', `The action \`${name}\` does not exist.`);
    checkCommon(request, action);
    rate.count(name, context.now(), context.settings.tencentRequestsPerSecond);
    const isText = request.method === 'GET';
    const given = isText ? unflatten(request.rawQuery) : readJson(request, body);
    const subAppId = readSubAppId(vod, given['SubAppId'], isText);
    const parameters = new Parameters(
      action.parameters,
      { ...given, SubAppId: given['SubAppId'] === undefined ? undefined : subAppId },
      { isText },
    );
    return answer(await action.handle({ vod, parameters, subAppId, effect }));
  };

  return {
    claim: (request) => {
      const name = request.header(apiHeaders.action);
      const isOurs =
        request.path === '/' &&
        (name !== undefined ||
          /^TC3-/.test(request.header('authorization') ?? '') ||
          /^vod\.([a-z0-9-]+\.)*tencentcloudapi\.com(:\d+)?$/.test(request.host) ||
          firstValue(request.query, 'SecretId') !== undefined);
      if (!isOurs || request.isPreflight) return undefined;
      return {
        provider,
        plane: 'control',
        action:
          name !== undefined && (Object.hasOwn(actions, name) || notEmulated.has(name)) ? name : 'Unknown',
        cors: null,
        perform: (effect) =>
          perform(request, name ?? '', effect).catch((error: unknown) => {
            if (error instanceof TencentError) return refusal(error.code, error.message);
            throw error;
          }),
        refuse: faultReply,
        refusePreflight: () => faultReply(403),
      };
    },
    media: () =>
      uploads.all().map((upload): MediaEntry => ({
        provider,
        // The id is assigned by the commit.
        mediaId: upload.committedAt === undefined ? '' : upload.fileId,
        status: describeState(vod, upload),
        fields: {
          ...upload.applied.toJSON(),
          ...upload.modified,
          SubAppId: upload.subAppId,
          bucket: upload.bucket,
          object: upload.mediaKey,
          cover: upload.coverKey,
        },
      })),
    stop: () => vod.pulls.clear(),
    reset: () => {
      uploads.clear();
      vod.pullTasks.clear();
      rate.clear();
    },
  };
}

/** "Common Params". */
function checkCommon(request: SandboxRequest, { needsRegion }: Action): void {
  const version = request.header(apiHeaders.version);
  if (version === undefined)
    throw new TencentError('MissingParameter', 'The request is missing the parameter `Version`.');
  if (version !== apiVersion) throw new TencentError('NoSuchVersion');
  const region = request.header(apiHeaders.region);
  if (region === undefined && needsRegion)
    throw new TencentError('MissingParameter', 'The request is missing the parameter `Region`.');
  if (region !== undefined && !/^[a-z]+-[a-z]+(-[0-9])?$/.test(region))
    throw new TencentError('UnsupportedRegion');
}

function readJson(request: SandboxRequest, body: Buffer): Record<string, unknown> {
  if (!/^application\/json\b/i.test(request.header('content-type') ?? ''))
    throw new TencentError('UnsupportedProtocol');
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Refused below like any other body that is not an object.
  }
  throw new TencentError('InvalidParameter', 'The body is not a JSON object.');
}

/** The documented type is Integer, the page's example is text. Default: the account's application. */
function readSubAppId({ context, account }: Vod, given: unknown, isText: boolean): number {
  const { tencentSubAppIdText, tencentSubAppIdRequired } = context.settings;
  if (given === undefined || given === null) {
    if (tencentSubAppIdRequired) throw new TencentError('InvalidParameterValue.SubAppId');
    return account.appId;
  }
  const isReadable =
    typeof given === 'number' ||
    (typeof given === 'string' && /^\d+$/.test(given) && (isText || tencentSubAppIdText === 'taken'));
  const id = isReadable ? Number(given) : NaN;
  if (id !== account.appId && !account.subAppIds.includes(id))
    throw new TencentError('InvalidParameterValue.SubAppId');
  return id;
}

async function readBodyOrRefuse(request: SandboxRequest): Promise<Buffer> {
  try {
    return await readAll(request.body, maxBodyBytes);
  } catch (error) {
    if (error instanceof BodyTooLarge) throw new TencentError('RequestSizeLimitExceeded');
    throw error;
  }
}
