import { randomBytes } from 'node:crypto';
import { audioExtensions, pullMaxUrls, urlJobMaxIds, videoExtensions } from '../../../vendors/alibaba-vod.js';
import type { StoredBytes } from '../../store/receive.js';
import { utc, type Answer, type Vod, type VodCall } from './call.js';
import { videoFields } from './create-upload.js';
import { announcePulled } from './events.js';
import { VodError } from './errors.js';
import { noteStored } from './note-stored.js';
import { extensionOf, Params } from './params.js';
import { jobStatus, type UrlJob } from './url-jobs.js';

const fileExtensions: readonly string[] = [...videoExtensions, ...audioExtensions];
const maxFileBytes = 20 * 1024 ** 3;

/** "UploadMediaByURL": a job for each link, and no media before it has ended. */
export function uploadMediaByUrl({ vod, params }: VodCall): Answer {
  const urls = readUrls(params, 'UploadURLs', pullMaxUrls);
  const metadatas = readMetadatas(params);
  const userData = params.userData() ?? '';
  const sessionId = params.text('SessionId');
  if (sessionId !== undefined && !/^[A-Za-z0-9_-]{1,50}$/.test(sessionId)) params.refuse('SessionId');
  const items = urls.map((url) => readItem(url, metadatas, { vod, params }));
  // The code is not documented.
  if (sessionId !== undefined && !vod.jobs.takeSession(sessionId, vod.context.now()))
    throw new VodError('InvalidParameter.SessionId');
  return {
    UploadJobs: items.map((item) => {
      const { jobId, url } = addJob(vod, item, userData);
      return { JobId: jobId, SourceURL: url };
    }),
  };
}

interface PullItem {
  readonly url: string;
  readonly extension: string;
  /** As of CreateUploadVideo. */
  readonly params: Params;
}

function readUrls(params: Params, name: string, max: number): string[] {
  params.required(name);
  const urls = params.list(name).map((one) => decodeOnce(one));
  // Not encoded, a link falls apart at its commas, or is none after decoding.
  const isRead = urls.length <= max && urls.every((url) => URL.canParse(url) && /^https?:/.test(url));
  if (!isRead) throw new VodError('InvalidParameter.UploadURLs');
  return urls;
}

function decodeOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new VodError('InvalidParameter.UploadURLs');
  }
}

type Metadata = Readonly<Record<string, unknown>>;

function readMetadatas(params: Params): Metadata[] {
  const text = params.text('UploadMetadatas');
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value))
      return value.filter((one): one is Metadata => typeof one === 'object' && one !== null);
  } catch {
    // Refused below.
  }
  return params.refuse('UploadMetadatas');
}

/** An element applies only where its `SourceURL` is the link, encoded or not. */
function readItem(url: string, metadatas: readonly Metadata[], { vod, params }: VodCall): PullItem {
  const metadata = metadatas.find(
    ({ SourceURL }) =>
      SourceURL === url ||
      SourceURL === encodeURIComponent(url) ||
      (typeof SourceURL === 'string' && decodeOnce(SourceURL) === url),
  );
  const text = (name: string) => (typeof metadata?.[name] === 'string' ? metadata[name] : undefined);
  const extension = (text('FileExtension') ?? extensionOf(new URL(url).pathname)).toLowerCase();
  if (!fileExtensions.includes(extension)) throw new VodError('InvalidParameter.UploadURLs');
  const shared = ['TemplateGroupId', 'WorkflowId', 'StorageLocation', 'UserData', 'AppId'];
  const own = ['Title', 'Description', 'CoverURL', 'CateId', 'Tags', 'TemplateGroupId', 'WorkflowId'];
  const values = new Map([
    ['Title', extensionless(url)],
    ...shared.map((name): [string, string | undefined] => [name, params.text(name)]),
    ...own.flatMap((name): [string, string][] => {
      const value = text(name);
      return value === undefined ? [] : [[name, value]];
    }),
    ['FileName', `pulled.${extension}`],
  ]);
  const pairs = [...values].flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, value]],
  );
  const item = { url, extension, params: new Params(pairs) };
  // Refuses what CreateUploadVideo would.
  videoFields({ vod, params: item.params });
  return item;
}

function extensionless(url: string): string {
  return (
    new URL(url).pathname
      .split('/')
      .at(-1)
      ?.replace(/\.[^.]*$/, '') || 'video'
  );
}

function addJob(vod: Vod, { url, params }: PullItem, userData: string): UrlJob {
  const job: UrlJob = vod.jobs.add({
    jobId: randomBytes(16).toString('hex'),
    url,
    userData,
    createdAt: vod.context.now(),
    pull: vod.pulls.add({
      url,
      onDone: (bytes) => store(vod, job, { bytes, params }),
      onFailed: () => announcePulled(vod, job),
    }),
  });
  return job;
}

async function store(
  vod: Vod,
  job: UrlJob,
  { bytes, params }: { bytes: StoredBytes; params: Params },
): Promise<void> {
  if (bytes.sizeBytes > maxFileBytes) throw new RangeError('Files of more than 20 GB are not pulled.');
  const video = videoFields({ vod, params });
  vod.media.add(video);
  const type = { contentType: 'application/octet-stream', headers: {} };
  const object = await vod.context.store.putObject(video.bucket, video.key, bytes, type);
  noteStored(vod, object, {});
  job.mediaId = video.mediaId;
  job.sizeBytes = bytes.sizeBytes;
  announcePulled(vod, job);
}

/** "GetURLUploadInfos": by jobs, or by links; of a link, every job. */
export function getUrlUploadInfos({ vod, params }: VodCall): Answer {
  const ids = params.list('JobIds');
  if (ids.length > urlJobMaxIds) params.refuse('JobIds');
  const asked =
    ids.length > 0
      ? ids.map((id): [string, UrlJob[]] => [id, [vod.jobs.byId(id)].filter((job) => job !== undefined)])
      : readUrls(params, 'UploadURLs', urlJobMaxIds).map((url): [string, UrlJob[]] => [
          url,
          vod.jobs.byUrl(url),
        ]);
  return {
    URLUploadInfoList: asked.flatMap(([, jobs]) => jobs.map(jobInfo)),
    NonExists: asked.filter(([, jobs]) => jobs.length === 0).map(([name]) => name),
  };
}

function jobInfo(job: UrlJob): Answer {
  const Status = jobStatus(job);
  return {
    JobId: job.jobId,
    UploadURL: job.url,
    Status,
    MediaId: Status === 'SUCCESS' ? job.mediaId : undefined,
    FileSize: Status === 'SUCCESS' ? String(job.sizeBytes) : undefined,
    CreationTime: utc(job.createdAt),
    // Printed for jobs that wait, too.
    CompleteTime: utc(job.createdAt),
    ErrorCode: Status === 'SUCCESS' ? '200' : Status === 'DOWNLOAD_FAIL' ? 'DownloadFail' : '',
    ErrorMessage: '',
    UserData: job.userData,
  };
}

/** "CancelUrlUploadJobs": only jobs that wait; others are left out of the answer. */
export function cancelUrlUploadJobs({ vod, params }: VodCall): Answer {
  const ids = params.list('JobIds');
  if (ids.length > urlJobMaxIds) params.refuse('JobIds');
  const asked =
    ids.length > 0
      ? ids.map((id) => vod.jobs.byId(id))
      : readUrls(params, 'UploadUrls', urlJobMaxIds).flatMap((url) => vod.jobs.byUrl(url));
  const canceled = asked.filter((job) => job?.pull.cancel() === true);
  return {
    CanceledJobs: canceled.map((job) => job?.jobId),
    NonExists: ids.filter((id) => vod.jobs.byId(id) === undefined),
  };
}
