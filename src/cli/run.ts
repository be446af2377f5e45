import { parseArgs, type ParseArgsConfig } from 'node:util';
import { conformance } from './conformance/conformance.js';
import { readConfiguration } from './doctor/configuration.js';
import { examineConfiguration, examineEndpoint } from './doctor/doctor.js';
import type { Patience } from './endpoint.js';
import { exitCodeOf, printed, type Check } from './report.js';

export interface Output {
  readonly print: (text: string) => void;
  readonly warn: (text: string) => void;
}

const usage = `vodrop doctor <module or address>     examines an endpoint before pages use it
vodrop conformance <address>          tries whether an endpoint, in any language, keeps to the protocol

  <module>    a JavaScript module whose default export is the options of createTokenEndpoint
  <address>   the endpoint as the widget gets it, as in https://app.example.com/api/uploads
  --origin https://app.example.com   the pages that upload, for CORS; may be repeated
  --header "cookie: session=..."     of a signed-in session; with an address; may be repeated
  --provider s3                      expected at the address; may be repeated
  --events https://...               where the clouds send their events
  --other-header "cookie: ..."       of a second session: whether tickets are bound to callers
  --timeout 60                       seconds that one call may take; all together at most fifteen times that
  --json                             for scripts

The doctor starts a test upload of random bytes with each provider and discards it again. The conformance suite also
finishes some: run it with a test account.
Exit code: 0 without faults, 1 with faults, 2 when it cannot begin.
`;

const flags = {
  origin: { type: 'string', multiple: true },
  header: { type: 'string', multiple: true },
  'other-header': { type: 'string', multiple: true },
  provider: { type: 'string', multiple: true },
  events: { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const satisfies ParseArgsConfig['options'];

/** The exit code. */
export async function run(args: readonly string[], { print, warn }: Output): Promise<number> {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: flags, allowPositionals: true });
    const [command, target] = positionals;
    if (values.help || command === undefined || command === 'help') {
      print(usage);
      return values.help || command === 'help' ? 0 : 2;
    }
    if (target === undefined || positionals.length > 2 || !isCommand(command)) {
      warn(usage);
      return 2;
    }
    const checks = await (command === 'doctor' ? doctor : tryConformance)(target, values);
    print(printed(checks, { isJson: values.json === true }));
    return exitCodeOf(checks);
  } catch (error) {
    // Of the arguments, or of the caller's own module.
    warn(`vodrop: ${error instanceof Error ? error.message : String(error)}\n`);
    return 2;
  }
}

function isCommand(command: string): boolean {
  return command === 'doctor' || command === 'conformance';
}

interface Flags {
  readonly origin?: string[];
  readonly header?: string[];
  readonly 'other-header'?: string[];
  readonly provider?: string[];
  readonly events?: string;
  readonly timeout?: string;
}

async function doctor(
  target: string,
  { origin, header, provider, events, timeout }: Flags,
): Promise<readonly Check[]> {
  const shared = { origins: origin, events };
  if (/^https?:\/\//i.test(target))
    return examineEndpoint(target, {
      ...shared,
      providers: provider,
      headers: headersOf(header),
      patience: patienceOf(timeout),
    });
  return examineConfiguration(await readConfiguration(target), shared);
}

function tryConformance(target: string, flags: Flags): Promise<readonly Check[]> {
  const { origin: [origin] = [], header, 'other-header': otherHeader, provider: providers } = flags;
  return conformance(target, {
    origin,
    providers,
    headers: headersOf(header),
    otherHeaders: otherHeader && headersOf(otherHeader),
    patience: patienceOf(flags.timeout),
  });
}

/** Throws `TypeError` for what is no number of seconds. */
function patienceOf(timeout: string = '60'): Patience {
  const callMs = Number(timeout) * 1000;
  if (!(callMs > 0 && callMs <= 3_600_000))
    throw new TypeError('--timeout is a number of seconds, as in 60.');
  return { callMs, totalMs: 15 * callMs };
}

/** Throws `TypeError` for what is no header; the message leaves the value out, which may be a session. */
function headersOf(lines: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    lines.map((line) => {
      const [, name, value] = /^([A-Za-z0-9-]+):\s*(.*)$/.exec(line) ?? [];
      if (name === undefined || value === undefined)
        throw new TypeError('A header is written as "name: value".');
      return [name.toLowerCase(), value];
    }),
  );
}
