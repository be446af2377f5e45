import * as v from 'valibot';
import { describeResponseSchema } from '../../protocol/index.js';
import { endpointAt, post, type EndpointUnderTest } from '../endpoint.js';
import { Report, type Check } from '../report.js';
import { callCases, type Case } from './calls.js';
import { Violation } from './expect.js';
import { capabilitiesOf, uploadCases } from './uploads.js';

export interface ConformanceOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** The session of another caller: whether tickets are bound to callers is tried only with it. */
  readonly otherHeaders?: Readonly<Record<string, string>>;
  /** Default: those of the five services that the endpoint describes. */
  readonly providers?: readonly string[];
  /** Of pages on another origin, if the endpoint serves some. */
  readonly origin?: string;
}

const knownProviders = ['huawei-vod', 'huawei-metastudio', 'alibaba-vod', 'tencent-vod', 's3'];

/** Whether an endpoint, in whatever language, keeps to the protocol. */
export async function conformance(
  address: string,
  { headers, otherHeaders, providers, origin }: ConformanceOptions = {},
): Promise<readonly Check[]> {
  const report = new Report();
  const endpoint = endpointAt(address, headers);
  const found = providers ?? (await describedBy(endpoint));
  const [provider] = found;
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
  for (const name of found) {
    await run(
      ['describes its provider', async () => void (await capabilitiesOf(endpoint, name))],
      {},
      { of: name, report },
    );
    const capabilities = await capabilitiesOf(endpoint, name).catch(() => undefined);
    if (capabilities)
      await runAll(
        uploadCases,
        { endpoint, provider: name, capabilities, otherHeaders },
        { of: name, report },
      );
  }
  return report.checks;
}

async function describedBy(endpoint: EndpointUnderTest): Promise<string[]> {
  const { json } = await post(endpoint, 'describe', { providers: knownProviders });
  const parsed = v.safeParse(describeResponseSchema, json);
  const results = parsed.success ? parsed.output.results : [];
  return results.flatMap((result) => (result.outcome === 'described' ? [result.capabilities.provider] : []));
}

interface Place {
  readonly of: string;
  readonly report: Report;
}

async function runAll<World>(cases: readonly Case<World>[], world: World, place: Place): Promise<void> {
  for (const one of cases) await run(one, world, place);
}

async function run<World>(
  [name, work, skip]: Case<World>,
  world: World,
  { of, report }: Place,
): Promise<void> {
  const reason = skip?.(world);
  if (reason) return report.skip(of, name, reason);
  try {
    await work(world);
    report.ok(of, name, 'holds');
  } catch (error) {
    if (error instanceof Violation) return report.fault(of, name, error.message);
    // The message of a failed `fetch` says nothing; its address may be a presigned one.
    report.fault(of, name, `The call has failed (${error instanceof Error ? error.name : 'unknown'}).`);
  }
}
