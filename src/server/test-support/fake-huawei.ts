import { fromHex, toHex } from '../encoding.js';
import { md5 } from '../hash.js';

/** The step of the vendor's flow that a request belongs to. */
export type Step =
  | 'create'
  | 'authorise-init'
  | 'authorise-part'
  | 'authorise-list'
  | 'authorise-complete'
  | 'authorise-abort'
  | 'confirm'
  | 'infos'
  | 'init'
  | 'list'
  | 'complete'
  | 'abort';

export interface SeenRequest {
  readonly step: Step;
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

type Scripted = Response | Error | ((request: SeenRequest) => Response | Promise<Response>);

export const fakeSecrets = {
  accessKey: 'AKSECRET00000001',
  secretKey: 'SKSECRET0000000000000000000000000000000001',
  urlKey: 'URLKEYSECRET0001',
  signature: 'S1GNATURESECRET%2Babc%3D',
};

export const assetId = 'fea62a2845e43c37b4cbfb017c0d0821';
export const uploadId = '00000173C2ED862344C835374DFE33C8';
const objectKey = `pid/${assetId}/d1f2.mp4`;

/**
 * A fake of VOD and OBS behind one `fetch`. It answers each step as documented, or with the next reply that a test has
 * scripted for the step. It records all requests, so that tests can check which requests were made.
 */
export function fakeHuawei(now: () => number) {
  const seen: SeenRequest[] = [];
  const scripts = new Map<Step, Scripted[]>();
  const parts: { number: number; md5Hex: string; sizeBytes: number }[] = [];
  const world = { status: 'CREATING', urlLifetimeMs: 3_600_000, signStr: 'url' as 'url' | 'fragment' };

  const query = () =>
    `AWSAccessKeyId=${fakeSecrets.urlKey}&Expires=${Math.floor((now() + world.urlLifetimeMs) / 1000)}&Signature=${fakeSecrets.signature}`;
  const objectUrl = (operation = '') =>
    `https://bucket.obs.cn-north-4.myhuaweicloud.com:443/${objectKey}?${operation}${query()}`;

  const answers: Record<Step, (request: SeenRequest) => Response> = {
    create: () =>
      Response.json({
        asset_id: assetId,
        video_upload_url: objectUrl(),
        cover_upload_url: null,
        subtitle_upload_urls: [],
        target: { bucket: 'bucket', location: 'cn-north-4', object: objectKey },
      }),
    'authorise-init': () => authority('uploads&'),
    'authorise-part': ({ url }) =>
      authority(`partNumber=${url.searchParams.get('part_number')}&uploadId=${uploadId}&`),
    'authorise-list': () => authority(`uploadId=${uploadId}&`),
    'authorise-complete': () => authority(`uploadId=${uploadId}&`),
    'authorise-abort': () => authority(`uploadId=${uploadId}&`),
    confirm: ({ body }) => Response.json({ asset_id: (JSON.parse(body) as { asset_id: string }).asset_id }),
    infos: ({ url }) =>
      Response.json({
        asset_info_array: url.searchParams
          .getAll('asset_id')
          .map((id) => ({ asset_id: id, status: world.status, description: 'described' })),
        is_truncated: 0,
        total: 1,
      }),
    init: () =>
      xml(
        `<InitiateMultipartUploadResult xmlns="http://obs.cn-north-4.myhuaweicloud.com/doc/2015-06-30/"><Bucket>bucket</Bucket><Key>k</Key><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`,
      ),
    list: ({ url }) =>
      listAnswer(
        Number(url.searchParams.get('part-number-marker')),
        Number(url.searchParams.get('max-parts')),
      ),
    complete: () =>
      xml(
        `<CompleteMultipartUploadResult><Location>/b/k</Location><Bucket>b</Bucket><Key>k</Key><ETag>"${composite()}"</ETag></CompleteMultipartUploadResult>`,
      ),
    abort: () => new Response(null, { status: 204 }),
  };

  function authority(operation: string): Response {
    return Response.json({ sign_str: world.signStr === 'url' ? objectUrl(operation) : query() });
  }

  function listAnswer(marker: number, max: number): Response {
    const rest = parts.filter((part) => part.number > marker).sort((a, b) => a.number - b.number);
    const page = rest.slice(0, max);
    const rows = page
      .map(
        ({ number, md5Hex, sizeBytes }) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>"${md5Hex}"</ETag><Size>${sizeBytes}</Size></Part>`,
      )
      .join('');
    return xml(
      `<ListPartsResult xmlns="http://obs/"><IsTruncated>${rest.length > page.length}</IsTruncated><NextPartNumberMarker>${page.at(-1)?.number ?? 0}</NextPartNumberMarker>${rows}</ListPartsResult>`,
    );
  }

  function composite(): string {
    return `${toHex(md5(fromHex(parts.map(({ md5Hex }) => md5Hex).join(''))))}-${parts.length}`;
  }

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const seenRequest: SeenRequest = {
      step: stepOf(request.method, url),
      method: request.method,
      url,
      headers: new Headers(init?.headers),
      body: await request.text(),
    };
    seen.push(seenRequest);
    const scripted = scripts.get(seenRequest.step)?.shift();
    if (scripted instanceof Error) throw scripted;
    if (scripted instanceof Response) return scripted;
    return (scripted ?? answers[seenRequest.step])(seenRequest);
  };

  return {
    fetch,
    world,
    parts,
    seen,
    steps: () => seen.map(({ step }) => step),
    only: (step: Step) => seen.filter((request) => request.step === step),
    /** Scripts the next replies to a step; after them, the step answers as documented again. */
    script: (step: Step, ...next: Scripted[]) => scripts.set(step, [...(scripts.get(step) ?? []), ...next]),
  };
}

export function vodErrorReply(code: string, status = 403, message = 'words'): Response {
  return Response.json({ error_code: code, error_msg: message }, { status });
}

export function obsErrorReply(code: string, status: number): Response {
  return xml(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Error><Code>${code}</Code><Message>m</Message><RequestId>req-1</RequestId></Error>`,
    status,
  );
}

/** Creates the error that Node's `fetch` throws. */
export function networkError(code: string): Error {
  return new TypeError('fetch failed', {
    cause: Object.assign(new Error(`${code} https://secret.test/?Signature=${fakeSecrets.signature}`), {
      code,
    }),
  });
}

function xml(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'application/xml' } });
}

function stepOf(method: string, { pathname, searchParams }: URL): Step {
  if (pathname.endsWith('/asset/authority')) return authorityStep(searchParams);
  if (pathname.endsWith('/asset/status/uploaded')) return 'confirm';
  if (pathname.endsWith('/asset/info')) return 'infos';
  if (pathname.endsWith('/asset')) return 'create';
  if (method === 'POST') return searchParams.has('uploads') ? 'init' : 'complete';
  if (method === 'GET') return 'list';
  if (method === 'DELETE') return 'abort';
  throw new Error(`The server has no business with ${method} ${pathname}`);
}

function authorityStep(query: URLSearchParams): Step {
  const verb = query.get('http_verb');
  if (verb === 'POST') return query.has('upload_id') ? 'authorise-complete' : 'authorise-init';
  return verb === 'PUT' ? 'authorise-part' : verb === 'GET' ? 'authorise-list' : 'authorise-abort';
}
