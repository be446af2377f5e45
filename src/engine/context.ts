import type { EndpointClient } from './endpoint/types.js';
import type { SignInGate } from './endpoint/sign-in.js';
import type { UploaderOptions } from './options.js';
import type { ConnectionPool } from './parts/pool.js';
import type { EnginePorts } from './ports.js';
import type { Journal } from './resume/journal.js';
import type { JournalEntry } from './resume/store.js';

/** What all uploads of one uploader share. */
export interface EngineContext {
  readonly options: UploaderOptions;
  readonly ports: EnginePorts;
  readonly client: EndpointClient;
  readonly signIn: SignInGate;
  readonly pool: ConnectionPool;
  readonly journal: Journal;
  /** The unfinished upload of an earlier visit whose content this is, if any; nobody else, in any tab, gets it afterwards. */
  readonly claim: (fingerprint: string) => Promise<JournalEntry | undefined>;
  /** Whether any upload of an earlier visit waits for its file. */
  readonly hasUnfinished: () => boolean;
  /** The claimed entry was not this file after all. */
  readonly unclaim: (entry: JournalEntry) => void;
  /** An upload restored without its file needs it after all: its row becomes an unfinished upload again. */
  readonly shelve: (entry: JournalEntry) => void;
}
