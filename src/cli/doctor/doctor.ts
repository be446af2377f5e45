import * as v from 'valibot';
import { describeResponseSchema, problemSchema, type Capabilities } from '../../protocol/index.js';
import { createTokenEndpoint, EndpointError, type Provider } from '../../server/index.js';
import { endpointAt, post, type EndpointUnderTest, type Patience } from '../endpoint.js';
import { Report, type Check } from '../report.js';
import { Trouble } from '../trouble.js';
import { testFile, testSizes } from '../upload.js';
import type { Configuration } from './configuration.js';
import { tryUpload } from './try-upload.js';
import { named, remedyOf } from './words.js';

export interface DoctorOptions {
  /** Of the pages that upload. */
  readonly origins?: readonly string[];
  /** Where the clouds send their events, if they do. */
  readonly events?: string;
}

export interface RemoteOptions extends DoctorOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly providers?: readonly string[];
  readonly patience?: Patience;
}

const knownProviders = ['huawei-vod', 'huawei-metastudio', 'alibaba-vod', 'tencent-vod', 's3'];
const timeoutMs = 30_000;
/** Only for the time of the examination: the configured secret is judged by itself. */
const standInSecret = () => crypto.getRandomValues(new Uint8Array(32));

/** Examines what an endpoint is made of, with an endpoint made of it in this process. */
export async function examineConfiguration(
  configuration: Configuration,
  options: DoctorOptions = {},
): Promise<readonly Check[]> {
  const report = new Report();
  const { providers, allowedOrigins = [] } = configuration;
  checkSecret(configuration, report);
  const origins = options.origins?.length ? options.origins : allowedOrigins;
  checkOrigins(origins, report);
  const handle = createTokenEndpoint({
    providers,
    authorize: () => ({ id: 'vodrop-doctor' }),
    secret: standInSecret(),
  });
  const endpoint: EndpointUnderTest = {
    url: 'https://vodrop-doctor.invalid',
    headers: {},
    send: (request) => handle(request),
    clock: () => Date.now(),
  };
  if (providers.length === 0)
    report.fault('configuration', 'providers', 'There is no provider.', 'Name one in `providers`.');
  for (const provider of providers) {
    if (!(await probeOf(provider, report))) continue;
    const isOwnBucket = provider.unfinishedUploads !== undefined;
    await tryProvider(provider.id, { endpoint, origins, isOwnBucket, report });
    await checkUnfinishedUploads(provider, report);
  }
  if (options.events) await checkEvents(options.events, report);
  return report.checks;
}

/** Examines an endpoint at its address, as a page with the session of `headers` sees it. */
export async function examineEndpoint(address: string, options: RemoteOptions): Promise<readonly Check[]> {
  const report = new Report();
  const { origins = [], headers, providers = [], patience } = options;
  const endpoint = endpointAt(address, headers, patience);
  checkOrigins(origins, report);
  const asked = [...new Set([...knownProviders, ...providers])];
  const isThere = await post(endpoint, 'describe', { providers: asked }).catch(() => undefined);
  if (!isThere) {
    report.fault('endpoint', 'address', 'It does not answer.', 'Check the address, and that it is running.');
    return report.checks;
  }
  await checkStrangers(endpoint, report);
  const problem = v.safeParse(problemSchema, isThere.json);
  const described = v.safeParse(describeResponseSchema, isThere.json);
  if (problem.success) {
    report.fault('endpoint', 'describe', `Refused as ${named(problem.output)}.`, remedyOf(problem.output));
  } else if (!described.success) {
    report.fault(
      'endpoint',
      'address',
      `It answers ${isThere.status} with something that is not of the protocol.`,
      'The address is the one that the widget gets as `endpoint`, without the operation.',
    );
  } else {
    const offered = described.output.results.flatMap((result) =>
      result.outcome === 'described' ? [result.capabilities.provider] : [],
    );
    const found = asked.filter((provider) => offered.includes(provider));
    if (found.length === 0)
      report.fault(
        'endpoint',
        'providers',
        'It describes none of the services.',
        'Name its providers with --provider, and a session with --header.',
      );
    for (const name of providers.filter((one) => !found.includes(one)))
      report.fault('endpoint', 'providers', `There is no provider ${name}.`, 'Add it to `providers`.');
    for (const provider of found)
      await tryProvider(provider, { endpoint, origins, isOwnBucket: ownBucketOf(provider), report });
  }
  if (options.events) await checkEvents(options.events, report);
  return report.checks;
}

/** Of the services it is known; a provider of another name may be either. */
function ownBucketOf(provider: string): boolean | undefined {
  return provider === 's3' ? true : knownProviders.includes(provider) ? false : undefined;
}

function checkSecret({ secret }: Configuration, report: Report): void {
  const trouble = troubleOf(() =>
    createTokenEndpoint({ providers: [], authorize: () => null, secret: secret as string }),
  );
  if (trouble) report.fault('configuration', 'secret', trouble);
  else report.ok('configuration', 'secret', 'The ticket secret is long and does not repeat itself.');
}

function checkOrigins(allowedOrigins: readonly string[], report: Report): void {
  for (const origin of allowedOrigins) {
    const trouble = troubleOf(() =>
      createTokenEndpoint({
        providers: [],
        authorize: () => null,
        secret: standInSecret(),
        allowedOrigins: [origin],
      }),
    );
    if (trouble) report.fault('configuration', 'origins', trouble);
  }
}

function troubleOf(work: () => unknown): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof TypeError) return error.message;
    throw error;
  }
}

/** Whether it makes sense to go on with this provider. */
async function probeOf(provider: Provider, report: Report): Promise<boolean> {
  const { id } = provider;
  if (!provider.probe) return true;
  try {
    await provider.probe({ signal: AbortSignal.timeout(timeoutMs), limit: (call) => call() });
    report.ok(id, 'keys', 'The cloud answers and accepts the keys.');
    return true;
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    report.fault(id, 'keys', `The cloud refuses the endpoint: ${named(error)}.`, remedyOf(error));
    return false;
  }
}

interface Surroundings {
  readonly endpoint: EndpointUnderTest;
  readonly origins: readonly string[];
  readonly isOwnBucket: boolean | undefined;
  readonly report: Report;
}

/** What an endpoint that stops answering, or answers nonsense, leaves untried is a fault among the others. */
async function tryProvider(provider: string, surroundings: Surroundings): Promise<void> {
  try {
    await tryUploads(provider, surroundings);
  } catch (error) {
    if (!(error instanceof Trouble)) throw error;
    surroundings.report.fault(provider, 'upload', error.message);
  }
}

/** One small file in one request, and a larger one in parts, as far as the provider has both. */
async function tryUploads(provider: string, surroundings: Surroundings): Promise<void> {
  const { endpoint, report } = surroundings;
  const capabilities = await capabilitiesOf(provider, endpoint);
  if (!capabilities) {
    report.fault(provider, 'describe', 'The endpoint does not describe this provider.');
    return;
  }
  const { single, multipart } = testSizes(capabilities);
  const trials = [
    { sizeBytes: single, of: `${provider}, one request` },
    { sizeBytes: multipart, of: `${provider}, parts` },
  ];
  for (const { sizeBytes, of } of trials) {
    if (sizeBytes === undefined) continue;
    const file = testFile(sizeBytes, capabilities);
    await tryUpload({ ...surroundings, provider, of, file, sendsWhole: multipart === undefined });
  }
}

async function capabilitiesOf(
  provider: string,
  endpoint: EndpointUnderTest,
): Promise<Capabilities | undefined> {
  const { json } = await post(endpoint, 'describe', { providers: [provider] });
  const parsed = v.safeParse(describeResponseSchema, json);
  const [result] = parsed.success ? parsed.output.results : [];
  return result?.outcome === 'described' ? result.capabilities : undefined;
}

async function checkUnfinishedUploads(provider: Provider, report: Report): Promise<void> {
  const { id } = provider;
  if (!provider.unfinishedUploads)
    return report.skip(
      id,
      'lifecycle',
      'The bucket is the vendor’s, and so is its rule for unfinished uploads.',
    );
  const remedy =
    'Add a lifecycle rule to the bucket: AbortIncompleteMultipartUpload after 8 days, one more than uploads may take.';
  try {
    const { endAfterDays } = await provider.unfinishedUploads({
      signal: AbortSignal.timeout(timeoutMs),
      limit: (call) => call(),
    });
    if (endAfterDays === undefined)
      report.warn(id, 'lifecycle', 'Unfinished uploads stay in the bucket for ever, and cost.', remedy);
    else if (endAfterDays < 7)
      report.warn(
        id,
        'lifecycle',
        `Unfinished uploads are removed after ${endAfterDays} days; the endpoint lets them take seven.`,
        remedy,
      );
    else report.ok(id, 'lifecycle', `Unfinished uploads are removed after ${endAfterDays} days.`);
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    report.skip(id, 'lifecycle', `These keys may not read the rule for unfinished uploads: ${named(error)}.`);
  }
}

/** A caller without a session has to be refused. */
async function checkStrangers(endpoint: EndpointUnderTest, report: Report): Promise<void> {
  const answer = await post(endpoint, 'describe', { providers: ['s3'] }, { headers: {} }).catch(
    (error: unknown) => {
      if (error instanceof Trouble) return error;
      throw error;
    },
  );
  if (answer instanceof Trouble) return report.fault('endpoint', 'session', answer.message);
  const { status } = answer;
  if (status === 401 || status === 403)
    report.ok('endpoint', 'session', 'A caller without a session is refused.');
  else
    report.warn(
      'endpoint',
      'session',
      `A caller without a session gets ${status}: anyone can upload.`,
      'Let `authorize` return null where no user is signed in.',
    );
}

/** A mounted handler has to refuse an unsigned event. */
async function checkEvents(address: string, report: Report): Promise<void> {
  const of = 'events';
  const remedy = 'Mount the handler of `createVendorEvents` at the address that the cloud is told.';
  let url: URL;
  try {
    url = new URL(address);
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ EventType: 'vodrop-doctor' }),
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    await response.arrayBuffer();
    const { status } = response;
    if (status < 300) report.fault(of, 'signature', `An unsigned event is accepted with ${status}.`, remedy);
    else if (status < 400)
      report.fault(of, 'address', `The address answers ${status}: clouds do not follow redirects.`, remedy);
    else if (status === 404 || status === 405)
      report.fault(of, 'address', `There is no handler: the address answers ${status}.`, remedy);
    else if (status >= 500) report.fault(of, 'address', `The handler fails with ${status}.`, remedy);
    else report.ok(of, 'signature', `An unsigned event is refused with ${status}.`);
  } catch {
    report.fault(of, 'address', 'The address of the events does not answer.', remedy);
    return;
  }
  if (url.protocol !== 'https:')
    report.warn(
      of,
      'https',
      'The address of the events has no TLS: others on the network can read and change them.',
      'Give the clouds an address with https.',
    );
}
