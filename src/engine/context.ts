import type { Capabilities } from '../protocol/index.js';
import { createDescribeAhead, type DescribeAhead } from './endpoint/describe-ahead.js';
import { SignInGate } from './endpoint/sign-in.js';
import type { EndpointClient, EndpointClientOptions } from './endpoint/types.js';
import { lazyClient, type LoadClient } from './lazy.js';
import type { UploaderOptions } from './options.js';
import type { AskedAhead } from './resume/asked-ahead.js';
import type { HashedPart } from './parts/first-parts.js';
import { ConnectionPool } from './parts/pool.js';
import type { EnginePorts } from './ports.js';
import type { Journal } from './resume/journal.js';
import type { Resumption } from './resume/resumption.js';
import type { RetryPorts } from './retry/call-with-retry.js';

/** What all uploads of one uploader share. Nothing in it knows of the uploader or of its uploads. */
export interface EngineContext {
  readonly options: UploaderOptions;
  readonly ports: EnginePorts;
  readonly client: EndpointClient;
  readonly describeAhead: DescribeAhead;
  /** For `callWithRetry`. */
  readonly retry: RetryPorts;
  readonly signIn: SignInGate;
  readonly pool: ConnectionPool;
  readonly journal: Journal;
  readonly resumption: Resumption;
  /** Undefined until they are known. */
  readonly capabilities: () => Capabilities | undefined;
  /** Resolves once they are known. */
  readonly described: () => Promise<unknown>;
  /** Parts that are hashed before it is known what becomes of the file: those that are sent first. */
  readonly hashedAhead: WeakMap<File, Promise<HashedPart[]>>;
  /** The questions about an unfinished upload that are asked before it is known that the file is the same. */
  readonly askedAhead: WeakMap<File, AskedAhead>;
  /** Of the connections that are opened ahead. */
  readonly nearStore: {
    /** Where parts went last. */
    origin: string | undefined;
    approachedAt: number;
    readonly openedAt: Map<string, number>;
  };
}

/** What browsers open to one origin over HTTP/1.1. */
export const defaultConnections = 6;
/** Two, so that the line is not idle between parts, and most of it is left to other applications. */
export const backgroundConnections = 2;

/** With more active uploads than this, start and finish calls are delayed so that they share a batch. */
export const batchThreshold = 12;
export const batchDelaysMs = { start: 150, finish: 1000 };

/** How many uploads move at once. */
export const defaultPlaces = 3;

/** As long as tickets live by default. */
const defaultPatienceMs = 7 * 24 * 3_600_000;

interface ContextParts {
  readonly abilities: () => { readonly loaded: Capabilities | undefined; readonly described: Promise<void> };
  readonly journal: Journal;
  readonly loadClient: LoadClient;
  readonly createResumption: (client: EndpointClient, retry: RetryPorts) => Resumption;
  readonly batchDelayMs: (operation: 'start' | 'finish') => number;
}

export function createContext(
  options: UploaderOptions,
  ports: EnginePorts,
  { journal, abilities, loadClient, createResumption, batchDelayMs }: ContextParts,
): EngineContext {
  const { endpoint, provider, headers = {}, concurrency } = options;
  const { clock, network, random, fetch } = ports;
  const clientOptions: EndpointClientOptions = {
    endpoint,
    provider,
    fetch,
    credentials: options.credentials,
    isSignInPage: options.isSignInPage,
    headers: typeof headers === 'function' ? headers : () => headers,
    batchDelayMs,
  };
  const describeAhead = createDescribeAhead(clientOptions, clock);
  const client = lazyClient(loadClient, { ...clientOptions, fetch: describeAhead.fetch }, ports);
  const signIn = new SignInGate(options.onUnauthorized);
  const { patienceMs = defaultPatienceMs } = options.retry ?? {};
  const retry = { clock, network, random, signIn, patienceMs };
  const connections = network.savesData?.() ? backgroundConnections : defaultConnections;
  return {
    options,
    ports,
    client,
    describeAhead,
    journal,
    capabilities: () => abilities().loaded,
    described: () => abilities().described,
    hashedAhead: new WeakMap(),
    askedAhead: new WeakMap(),
    nearStore: { origin: undefined, approachedAt: -Infinity, openedAt: new Map() },
    signIn,
    retry,
    pool: new ConnectionPool(concurrency?.connections ?? connections, concurrency?.files ?? defaultPlaces),
    resumption: createResumption(client, retry),
  };
}
