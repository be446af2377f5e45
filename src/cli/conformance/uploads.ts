import { randomUUID } from 'node:crypto';
import {
  describeResponseSchema,
  detailsResponseSchema,
  finishResponseSchema,
  importResponseSchema,
  listResponseSchema,
  signResponseSchema,
  startResponseSchema,
  type Capabilities,
  type FinishRequest,
  type ProblemCode,
  type SentPart,
  type SignedRequest,
  type StartItem,
  type StartResponse,
  type UploadSession,
} from '../../protocol/index.js';
import { post, type EndpointUnderTest } from '../endpoint.js';
import {
  partsOf,
  sendPart,
  startItem,
  testFile,
  testSizes,
  withoutBytes,
  type TestFile,
  type TestPart,
} from '../upload.js';
import type { Case } from './calls.js';
import { callOne, demand, expectOutcome, expectRefused, expectResults } from './expect.js';

export interface UploadWorld {
  readonly endpoint: EndpointUnderTest;
  readonly provider: string;
  readonly capabilities: Capabilities;
  /** The session of another caller. */
  readonly otherHeaders?: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly file: TestFile;
  readonly session: UploadSession;
  /** The newest one. */
  ticket: string;
}

/** What the service may still say of an upload that has ended. */
const ended = ['media-state-conflict', 'upload-not-found', 'media-not-found'] as const;

export async function capabilitiesOf(endpoint: EndpointUnderTest, provider: string): Promise<Capabilities> {
  const call = { operation: 'describe', body: { providers: [provider] }, schema: describeResponseSchema };
  const { capabilities } = expectOutcome(await callOne(endpoint, call), 'described');
  demand(capabilities.provider === provider, `The capabilities name ${capabilities.provider}.`);
  return capabilities;
}

const privateLinks = [
  'https://127.0.0.1/clip.mp4',
  'https://169.254.169.254/clip.mp4',
  'https://[::ffff:10.0.0.1]/clip.mp4',
  'https://2130706433/clip.mp4',
  'https://localhost/clip.mp4',
  'https://user:password@media.example.com/clip.mp4',
  'ftp://media.example.com/clip.mp4',
];

async function expectImportRefused(world: UploadWorld, link: { url?: string }, code: ProblemCode) {
  const { endpoint, provider, capabilities } = world;
  const body = { provider, imports: [{ ...link, clientId: randomUUID(), fileName: 'clip.mp4' }] };
  const answer = await callOne(endpoint, { operation: 'import', body, schema: importResponseSchema });
  // Without the capability it refuses every link.
  expectRefused(answer, capabilities.import ? code : 'not-supported');
}

/** What holds for the uploads of one provider. Each case makes uploads of its own. */
export const uploadCases: readonly Case<UploadWorld>[] = [
  [
    'refuses links that no cloud may pull: of private addresses, with a password, of other schemes',
    async (world) => {
      for (const url of privateLinks) await expectImportRefused(world, { url }, 'link-refused');
    },
  ],
  [
    'begins no import when it is asked without a link what an earlier call has begun',
    (world) => expectImportRefused(world, {}, 'upload-not-found'),
  ],
  ...(['single', 'multipart'] as const).map((kind): Case<UploadWorld> => [
    `starts, signs, lists, finishes and describes an upload ${kind === 'single' ? 'in one request' : 'in parts'}`,
    async (world) => {
      const upload = await begin(world, kind);
      demand(upload.session.transfer.kind === kind, `The transfer is ${upload.session.transfer.kind}.`);
      await sendAll(world, upload);
      const listed = await list(world, upload);
      if (listed.outcome === 'listed' && kind === 'multipart')
        demand(listed.parts.length === parts(upload).length, `${listed.parts.length} parts are listed.`);
      const confirmed = expectOutcome(await finish(world, upload), 'confirmed');
      const { sizeBytes } = confirmed.object;
      demand(
        sizeBytes === undefined || sizeBytes === upload.file.bytes.length,
        `The object has ${sizeBytes} bytes, not ${upload.file.bytes.length}.`,
      );
      upload.ticket = confirmed.ticket ?? upload.ticket;
      const body = { items: [{ ticket: upload.ticket }] };
      const call = { operation: 'details', body, schema: detailsResponseSchema };
      const { media } = expectOutcome(await callOne(world.endpoint, call), 'found');
      demand(media.provider === world.provider, `The details name ${media.provider}.`);
      const mediaId = confirmed.mediaId ?? upload.session.mediaId;
      demand(mediaId === undefined || media.mediaId === mediaId, 'The details name another media id.');
    },
    ({ capabilities }) => testSizes(capabilities)[kind] === undefined && 'the provider has no such transfer',
  ]),
  [
    'answers the repeat of a start, whose answer was lost, with the same session',
    async (world) => {
      const file = smallest(world);
      const body = { provider: world.provider, uploads: [startItem(file, randomUUID())] };
      const call = { operation: 'start', body, schema: startResponseSchema };
      const first = expectOutcome(await callOne(world.endpoint, call), 'started').session;
      const again = expectOutcome(await callOne(world.endpoint, call), 'started').session;
      const isSame =
        first.mediaId === undefined ? first.ticket === again.ticket : first.mediaId === again.mediaId;
      await cancel(world, { file, session: again, ticket: again.ticket });
      demand(isSame, 'The repeat has made a second upload.');
    },
  ],
  [
    'keeps the order of a batch, and refuses one item without the others',
    async (world) => {
      const file = smallest(world);
      // Not the same read from its end.
      const names = ['notes.exe', file.name, file.name];
      const uploads = names.map((fileName) => ({
        ...startItem(file, randomUUID()),
        fileName,
        contentType: fileName === file.name ? file.contentType : 'application/x-msdownload',
      }));
      const answer = await post(world.endpoint, 'start', { provider: world.provider, uploads });
      const [refused, first, last] = expectResults(answer, startResponseSchema, 3);
      for (const one of [refused, first, last])
        if (one?.outcome === 'started')
          await cancel(world, { file, session: one.session, ticket: one.session.ticket });
      demand(first?.outcome === 'started' && last?.outcome === 'started', 'The videos are not started.');
      if (world.capabilities.extensions)
        demand(
          refused?.outcome === 'refused' && refused.problem.code === 'file-refused',
          'The program before them is not refused as file-refused.',
        );
    },
  ],
  [
    'asks for the MD5 of the whole file where the provider needs it',
    async (world) => {
      const { md5Base64: _, ...item } = startItem(smallest(world), randomUUID());
      const body = { provider: world.provider, uploads: [item] };
      const call = { operation: 'start', body, schema: startResponseSchema };
      expectOutcome(await callOne(world.endpoint, call), 'checksum-required');
    },
    ({ capabilities }) => capabilities.checksum !== 'whole-file' && 'the provider needs no checksum',
  ],
  [
    'signs the parts of the plan with their exact sizes, and nothing else',
    async (world) => {
      const upload = await begin(world, largest(world));
      const [part] = parts(upload);
      demand(part !== undefined, 'There is no part.');
      const wrong = [
        { ...withoutBytes(part), sizeBytes: part.sizeBytes + 1 },
        { ...withoutBytes(part), partNumber: 9_999 },
      ];
      for (const one of wrong) expectRefused(await sign(world, upload, [one]), 'invalid-request');
      const tooMany = Array.from({ length: 101 }, () => withoutBytes(part));
      expectRefused(await sign(world, upload, tooMany), 'invalid-request');
      await cancel(world, upload);
    },
  ],
  [
    'signs with the start the parts of the plan that its item names, and nothing else',
    async (world) => {
      const plain = await begin(world, 'multipart');
      await cancel(world, plain);
      const [first] = parts(plain);
      demand(first !== undefined, 'There is no part.');
      const part = withoutBytes(first);
      const wrong = { ...part, sizeBytes: part.sizeBytes - 1 };
      const other = { ...part, partNumber: 9_999 };
      const upload = await beginWith(world, plain.file, [wrong, other, part]);
      const { signed = [] } = upload.session;
      demand(
        signed.length === 1 && signed[0]?.partNumber === part.partNumber,
        'There is not one request for the one part of the plan.',
      );
      await sendAll(world, upload);
      expectOutcome(await finish(world, upload), 'confirmed');
    },
    ({ capabilities }) => capabilities.signsAtStart !== true && 'the provider does not sign with the start',
  ],
  [
    'does not confirm an upload of which nothing was sent',
    async (world) => {
      const upload = await begin(world, largest(world));
      const result = await finish(world, upload);
      demand(
        result.outcome !== 'confirmed' && result.outcome !== 'discarded',
        `The outcome is ${result.outcome}.`,
      );
      await cancel(world, upload);
    },
  ],
  [
    'does not confirm an upload whose finish leaves a part out',
    async (world) => {
      const upload = await begin(world, 'multipart');
      await sendAll(world, upload);
      const item = { status: 'uploaded', parts: parts(upload).slice(1).map(withoutBytes) } as const;
      const result = await finish(world, upload, item);
      demand(result.outcome !== 'confirmed', 'It is confirmed.');
      await cancel(world, upload);
    },
    ({ capabilities }) => testSizes(capabilities).multipart === undefined && 'the provider has no parts',
  ],
  [
    'does not confirm a file of another size than was declared',
    async (world) => {
      const file = smallest(world);
      const declared = file.bytes.length - 1;
      const upload = await beginWith(world, file, undefined, declared);
      const [whole] = parts(upload);
      demand(whole !== undefined, 'There is no part.');
      const part = { ...withoutBytes(whole), sizeBytes: declared };
      const request = upload.session.signed?.[0] ?? (await signOne(world, upload, part));
      // A store may refuse it, or take it.
      await (await sendPart(request, whole.bytes)).arrayBuffer();
      const result = await finish(world, upload, { status: 'uploaded', parts: [part] });
      demand(result.outcome !== 'confirmed', 'It is confirmed.');
      await cancel(world, upload);
    },
    ({ capabilities }) =>
      testSizes(capabilities).single === undefined && 'the provider stores no file in one request',
  ],
  [
    'has one winner of a finish and a cancel at once',
    async (world) => {
      for (const isCancelFirst of [false, true]) {
        const upload = await begin(world, 'any');
        await sendAll(world, upload);
        const ends = [() => finish(world, upload), () => finish(world, upload, { status: 'canceled' })];
        if (isCancelFirst) ends.reverse();
        const outcomes = (await Promise.all(ends.map((end) => end()))).map(({ outcome }) => outcome);
        const winners = outcomes.filter((one) => one === 'confirmed' || one === 'discarded');
        demand(winners.length === 1, `The outcomes are ${outcomes.join(' and ')}.`);
      }
    },
  ],
  [
    'confirms the repeat of a finish',
    async (world) => {
      const upload = await begin(world, largest(world));
      await sendAll(world, upload);
      const { ticket } = expectOutcome(await finish(world, upload), 'confirmed');
      const repeat = { status: 'uploaded', parts: parts(upload).map(withoutBytes), isRepeat: true } as const;
      expectOutcome(await finish(world, upload, repeat), 'confirmed');
      if (ticket !== undefined)
        expectOutcome(await finish(world, { ...upload, ticket }, repeat), 'confirmed');
    },
  ],
  [
    'refuses to sign and to cancel what is confirmed',
    async (world) => {
      const upload = await begin(world, largest(world));
      await sendAll(world, upload);
      const { ticket } = expectOutcome(await finish(world, upload), 'confirmed');
      const [part] = parts(upload);
      demand(part !== undefined, 'There is no part.');
      for (const one of [upload.ticket, ticket ?? upload.ticket]) {
        const later = { ...upload, ticket: one };
        expectRefused(await sign(world, later, [withoutBytes(part)]), ...ended);
        expectRefused(await finish(world, later, { status: 'canceled' }), ...ended);
      }
    },
  ],
  [
    'discards a canceled and a failed upload, also when asked twice, and does not go on with it',
    async (world) => {
      for (const status of ['canceled', 'failed'] as const) {
        const upload = await begin(world, largest(world));
        expectOutcome(await finish(world, upload, { status }), 'discarded');
        expectOutcome(await finish(world, upload, { status }), 'discarded');
        const [part] = parts(upload);
        demand(part !== undefined, 'There is no part.');
        expectRefused(await sign(world, upload, [withoutBytes(part)]), ...ended);
        const result = await finish(world, upload);
        demand(result.outcome !== 'confirmed', 'A discarded upload is confirmed.');
      }
    },
  ],
];

type Kind = 'single' | 'multipart' | 'any';

function smallest({ capabilities }: UploadWorld): TestFile {
  const { single, multipart = 1024 } = testSizes(capabilities);
  return testFile(single ?? multipart, capabilities);
}

function largest({ capabilities }: UploadWorld): Kind {
  return testSizes(capabilities).multipart === undefined ? 'single' : 'multipart';
}

export function begin(world: UploadWorld, kind: Kind): Promise<Upload> {
  return beginWith(world, fileOf(world, kind));
}

function fileOf({ capabilities }: UploadWorld, kind: Kind): TestFile {
  const sizes = testSizes(capabilities);
  const sizeBytes = kind === 'any' ? (sizes.single ?? sizes.multipart) : sizes[kind];
  return testFile(sizeBytes ?? 1024, capabilities);
}

/** Starts a file that the caller with this name has added. */
export async function startAddedBy(
  world: UploadWorld,
  addedBy: string,
): Promise<StartResponse['results'][number]> {
  const item = { ...startItem(fileOf(world, 'any'), randomUUID()), addedBy };
  const body = { provider: world.provider, uploads: [item] };
  return callOne(world.endpoint, { operation: 'start', body, schema: startResponseSchema });
}

async function beginWith(
  world: UploadWorld,
  file: TestFile,
  toSign?: StartItem['parts'],
  sizeBytes: number = file.bytes.length,
): Promise<Upload> {
  const item = { ...startItem(file, randomUUID()), sizeBytes, parts: toSign };
  const body = { provider: world.provider, uploads: [item] };
  const call = { operation: 'start', body, schema: startResponseSchema };
  const { session } = expectOutcome(await callOne(world.endpoint, call), 'started');
  return { file, session, ticket: session.ticket };
}

export function parts({ file, session }: Upload): TestPart[] {
  return partsOf(file, session.transfer);
}

function sign(
  { endpoint }: UploadWorld,
  { ticket }: Upload,
  wanted: readonly { readonly partNumber: number; readonly sizeBytes: number; readonly md5Base64: string }[],
) {
  const body = { items: [{ ticket, parts: wanted }] };
  return callOne(endpoint, { operation: 'sign', body, schema: signResponseSchema });
}

function list({ endpoint }: UploadWorld, { ticket }: Upload) {
  return callOne(endpoint, { operation: 'list', body: { items: [{ ticket }] }, schema: listResponseSchema });
}

function finish(
  { endpoint }: UploadWorld,
  upload: Upload,
  end?: { [K in 'status' | 'parts' | 'isRepeat']?: unknown } & Pick<FinishRequest['items'][number], 'status'>,
) {
  const item = end ?? { status: 'uploaded', parts: parts(upload).map(withoutBytes) };
  const body = { items: [{ ...item, ticket: upload.ticket }] };
  return callOne(endpoint, { operation: 'finish', body, schema: finishResponseSchema });
}

export async function cancel(world: UploadWorld, upload: Upload): Promise<void> {
  await finish(world, upload, { status: 'canceled' });
}

/** Sends every part as its signed request says. */
async function sendAll(world: UploadWorld, upload: Upload): Promise<void> {
  const all = parts(upload);
  const known = new Map<number, SignedRequest>();
  for (const request of upload.session.signed ?? []) known.set(request.partNumber, request);
  for (const part of all) {
    const request = known.get(part.partNumber) ?? (await signOne(world, upload, withoutBytes(part)));
    const response = await sendPart(request, part.bytes);
    await response.arrayBuffer();
    demand(
      response.ok,
      `The store answers ${response.status} to the signed request of part ${part.partNumber}.`,
    );
  }
}

async function signOne(world: UploadWorld, upload: Upload, part: Required<SentPart>): Promise<SignedRequest> {
  const signed = expectOutcome(await sign(world, upload, [part]), 'signed');
  upload.ticket = signed.ticket ?? upload.ticket;
  const [request] = signed.requests;
  demand(
    request?.partNumber === part.partNumber && signed.requests.length === 1,
    'There is not one request for the one part.',
  );
  demand(request.expiresInMs > 0, 'The request has expired when it arrives.');
  return request;
}
