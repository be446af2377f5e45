import type { SignInGate } from './endpoint/sign-in.js';
import type { EndpointClient } from './endpoint/types.js';
import type { UploaderOptions } from './options.js';
import type { ConnectionPool } from './parts/pool.js';
import type { EnginePorts } from './ports.js';
import type { Journal } from './resume/journal.js';
import type { Resumption } from './resume/resumption.js';
import type { RetryPorts } from './retry/call-with-retry.js';

/** What all uploads of one uploader share. Nothing in it knows of the uploader or of its uploads. */
export interface EngineContext {
  readonly options: UploaderOptions;
  readonly ports: EnginePorts;
  readonly client: EndpointClient;
  /** For `callWithRetry`. */
  readonly retry: RetryPorts;
  readonly signIn: SignInGate;
  readonly pool: ConnectionPool;
  readonly journal: Journal;
  readonly resumption: Resumption;
}
