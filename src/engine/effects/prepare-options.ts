import type { Attachments } from '../attachments.js';
import type { AskedStart, EarlierUpload } from '../attempt.js';
import type { EngineContext } from '../context.js';
import type { Adder } from '../file-info.js';
import type { Waiting } from '../types.js';

/** What the preparation of an upload needs. */
export interface PrepareOptions {
  /** Under which it is to be journalled. */
  id: () => string;
  file: File;
  handle: FileSystemFileHandle | undefined;
  path: string | undefined;
  context: EngineContext;
  signal: AbortSignal;
  /** Aborted when the engine is destroyed. */
  lifetime: AbortSignal;
  onChecked: (bytes: number) => void;
  onWaiting: (waiting: Waiting | undefined) => void;
  attachments: Attachments;
  /** The host's words about the file. */
  metadata: Readonly<Record<string, unknown>> | undefined;
  adder: Adder;
  /** The vendor's own parameters. */
  options: Readonly<Record<string, unknown>>;
  /** It could not be read the last time: nothing is started before it can. */
  isFileDoubtful: boolean;
  /** Keeps what `start` was asked with. */
  asked: { start?: AskedStart | undefined };
  /** Ticket of the attempt before this one, which ended: its media may be taken over. */
  replaces: string | undefined;
  /** To go on with, if its parts are those of this file. */
  earlier: EarlierUpload | undefined;
  /** It does not go on; `isLeft`: because it is another person's. */
  onAbandon: (isLeft: boolean) => void;
}
