/** A fake of Tencent Cloud for unit tests: it answers as documented until a test scripts another reply. */

type Step = 'apply' | 'commit' | 'describe' | 'initiate' | 'list' | 'complete' | 'abort' | 'head';
export type Scripted = Response | Error;

export interface SeenRequest {
  readonly step: Step;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

export const tencentSecrets = {
  apiKey: 'api-s3cr3t',
  certificateKey: 'certificate-s3cr3t',
  token: `token-s3cr3t+/=${'x'.repeat(2000)}`,
};

export interface FakePart {
  readonly number: number;
  readonly md5Hex: string;
  readonly sizeBytes: number;
}

export function fakeTencent(now: () => number) {
  const seen: SeenRequest[] = [];
  const scripts = new Map<Step, Scripted[]>();
  const parts: FakePart[] = [];
  let applied = 0;

  const answers: Record<Step, (request: SeenRequest) => Response> = {
    apply: ({ body }) => {
      applied += 1;
      return vodReply({
        StorageBucket: 'bucket-1251000333',
        StorageRegion: 'ap-chongqing',
        VodSessionKey: `session-${applied}+/=`,
        MediaStoragePath: `/dir/name ${applied}.mp4`,
        CoverStoragePath: body.includes('CoverType') ? `/dir/cover ${applied}.jpg` : null,
        TempCertificate: {
          SecretId: `AKID${applied}`,
          SecretKey: tencentSecrets.certificateKey,
          Token: tencentSecrets.token,
          ExpiredTime: Math.floor(now() / 1000) + 7200,
        },
      });
    },
    commit: () =>
      vodReply({ FileId: '5285485487985271487', MediaUrl: 'http://cdn.test/f0.mp4', CoverUrl: '' }),
    describe: ({ body }) =>
      vodReply({
        MediaInfoSet: (JSON.parse(body) as { FileIds: string[] }).FileIds.map((FileId) => ({
          FileId,
          BasicInfo: { Status: 'Normal' },
          MetaData: { Size: 1 },
        })),
        NotExistFileIdSet: [],
      }),
    initiate: () =>
      xml(
        '<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>upload-1</UploadId></InitiateMultipartUploadResult>',
      ),
    list: ({ url }) => {
      const after = parts.filter(({ number }) => number > Number(url.searchParams.get('part-number-marker')));
      const rows = after
        .slice(0, 2)
        .map(
          ({ number, md5Hex, sizeBytes }) =>
            `<Part><PartNumber>${number}</PartNumber><ETag>"${md5Hex}"</ETag><Size>${sizeBytes}</Size></Part>`,
        )
        .join('');
      return xml(
        `<ListPartsResult>${rows}<NextPartNumberMarker>${after.slice(0, 2).at(-1)?.number ?? 0}</NextPartNumberMarker><IsTruncated>${after.length > 2}</IsTruncated></ListPartsResult>`,
      );
    },
    complete: () =>
      xml(
        '<CompleteMultipartUploadResult><Location>l</Location><Bucket>b</Bucket><Key>k</Key><ETag>"3a0f1fd698c235af9cf098cb74aa25bc-3"</ETag></CompleteMultipartUploadResult>',
      ),
    abort: () => new Response(null, { status: 204 }),
    head: () => new Response(null, { status: 200, headers: { 'Content-Length': '3' } }),
  };

  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    const url = new URL(request.url);
    const one: SeenRequest = {
      step: stepOf(request, url),
      url,
      headers: new Headers(init?.headers),
      body: await request.text(),
    };
    seen.push(one);
    const scripted = scripts.get(one.step)?.shift();
    if (scripted instanceof Error) throw scripted;
    return scripted ?? answers[one.step](one);
  };

  return {
    fetch,
    parts,
    seen,
    steps: () => seen.map(({ step }) => step),
    only: (step: Step) => seen.filter((one) => one.step === step),
    /** Scripts the next replies to a step; after them, the step answers as documented again. */
    script: (step: Step, ...next: Scripted[]) => scripts.set(step, [...(scripts.get(step) ?? []), ...next]),
  };
}

export function vodReply(fields: Record<string, unknown>): Response {
  return Response.json({ Response: { ...fields, RequestId: 'request-1' } });
}

export function vodRefusal(code: string): Response {
  return vodReply({ Error: { Code: code, Message: `words that may repeat ${tencentSecrets.apiKey}` } });
}

export function cosRefusal(code: string, status: number): Response {
  return xml(
    `<?xml version='1.0' encoding='utf-8' ?><Error><Code>${code}</Code><Message>m</Message><RequestId>cos-1</RequestId></Error>`,
    status,
  );
}

function xml(text: string, status = 200): Response {
  return new Response(text, { status, headers: { 'Content-Type': 'application/xml' } });
}

function stepOf({ method, headers }: Request, { searchParams }: URL): Step {
  const byAction: Record<string, Step> = {
    ApplyUpload: 'apply',
    CommitUpload: 'commit',
    DescribeMediaInfos: 'describe',
  };
  const action = byAction[headers.get('x-tc-action') ?? ''];
  if (action) return action;
  const byMethod: Record<string, Step> = {
    GET: 'list',
    DELETE: 'abort',
    HEAD: 'head',
    POST: searchParams.has('uploads') ? 'initiate' : 'complete',
  };
  const step = byMethod[method];
  if (!step) throw new Error(`The server has no business with ${method}`);
  return step;
}
