import * as v from 'valibot';
import { describeResponseSchema } from '../../protocol/index.js';
import { endpointAt, post, type EndpointUnderTest, type Patience } from '../endpoint.js';
import { Report, type Check } from '../report.js';
import { Trouble } from '../trouble.js';
import { callCases, type Case } from './calls.js';
import { Violation } from './expect.js';
import { ticketCases } from './tickets.js';
import { capabilitiesOf, uploadCases } from './uploads.js';

export interface ConformanceOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The session of another caller: whether tickets are bound to callers is tried only with it. */
  readonly otherHeaders?: Readonly<Record<string, string>>;
  /** Default: those of the five services that the endpoint describes. */
  readonly providers?: readonly string[];
  /** Of pages on another origin, if the endpoint serves some. */
  readonly origin?: string;
  readonly patience?: Patience;
}

const knownProviders = ['huawei-vod', 'huawei-metastudio', 'alibaba-vod', 'tencent-vod', 's3'];

/** Whether an endpoint, in whatever language, keeps to the protocol. */
export async function conformance(
  address: string,
  { headers, otherHeaders, providers, origin, patience }: ConformanceOptions = {},
): Promise<readonly Check[]> {
  const report = new Report();
  const endpoint = endpointAt(address, headers, patience);
  const found = await describedBy(endpoint, providers ?? knownProviders).catch((error: unknown) => {
    if (error instanceof Trouble) return error;
    throw error;
  });
  if (found instanceof Trouble) {
    report.fault('endpoint', 'address', found.message, 'Check the address, and that it is running.');
    return report.checks;
  }
  const names = providers ?? found;
  const [provider] = names;
  if (provider === undefined) {
    report.fault(
      'endpoint',
      'describes a provider',
      'It describes none of the services.',
      'Name its providers with --provider, and a session with --header.',
    );
    return report.checks;
  }
  await runAll(callCases, { endpoint, provider, origin }, { of: 'calls', report });
  for (const name of names) {
    await run(
      ['describes its provider', async () => void (await capabilitiesOf(endpoint, name))],
      { endpoint },
      { of: name, report },
    );
    const capabilities = await capabilitiesOf(endpoint, name).catch(() => undefined);
    if (capabilities)
      await runAll(
        [...uploadCases, ...ticketCases],
        { endpoint, provider: name, capabilities, otherHeaders },
        { of: name, report },
      );
  }
  return report.checks;
}

/** Those of the providers that it describes. */
async function describedBy(endpoint: EndpointUnderTest, asked: readonly string[]): Promise<string[]> {
  const { json } = await post(endpoint, 'describe', { providers: asked });
  const parsed = v.safeParse(describeResponseSchema, json);
  const results = parsed.success ? parsed.output.results : [];
  const found = results.flatMap((result) =>
    result.outcome === 'described' ? [result.capabilities.provider] : [],
  );
  return asked.filter((name) => found.includes(name));
}

interface Place {
  readonly of: string;
  readonly report: Report;
}

interface Tried {
  readonly endpoint: EndpointUnderTest;
}

async function runAll<World extends Tried>(
  cases: readonly Case<World>[],
  world: World,
  place: Place,
): Promise<void> {
  for (const one of cases) await run(one, world, place);
}

async function run<World extends Tried>(
  [name, work, skip]: Case<World>,
  world: World,
  { of, report }: Place,
): Promise<void> {
  const isSilent = world.endpoint.isSilent?.() === true;
  const reason = isSilent ? 'the endpoint does not answer any more' : skip?.(world);
  if (reason) return report.skip(of, name, reason);
  try {
    await work(world);
    report.ok(of, name, 'holds');
  } catch (error) {
    if (error instanceof Violation || error instanceof Trouble) return report.fault(of, name, error.message);
    // The message of a failed `fetch` says nothing; its address may be a presigned one.
    report.fault(of, name, `The call has failed (${error instanceof Error ? error.name : 'unknown'}).`);
  }
}
