import type { GenericSchema } from 'valibot';
import type {
  Attachment,
  Capabilities,
  MediaDetails,
  MediaUpdate,
  PartToSign,
  SentPart,
  SignedAttachment,
  SignedRequest,
  StartItem,
  StoredPart,
  Transfer,
} from '../protocol/index.js';
import { EndpointError } from './errors.js';
import type { Limit } from './limit.js';
import type { VendorCallRecord } from './observe.js';

/** What a provider knows of one upload. Stored encrypted in the ticket, so it must be plain JSON. */
export interface Session<State> {
  /** Random, unique per upload; for correlation in logs. */
  readonly id: string;
  /** When the upload was started, in ms since 1970: a ticket's lifetime counts from here. */
  readonly startedAt?: number;
  /** Absent until the service has named the media: some do so only on confirmation. */
  readonly mediaId?: string | undefined;
  readonly fileName: string;
  readonly sizeBytes: number;
  /** The page's own data about the file, for the host's hooks. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  readonly transfer: Transfer;
  /** How often the transfer was begun anew. Absent: never. */
  readonly generation?: number | undefined;
  /** Set when the cloud pulls it from a link, or has done so: there are no parts, and nothing to confirm. */
  readonly link?: SessionLink | undefined;
  readonly state: State;
}

/** What is kept of a link. The link itself is not, as it may contain a signature. */
export interface SessionLink {
  readonly host: string;
  /** The cloud has all of it, and the end was confirmed. */
  readonly isImported?: boolean | undefined;
}

/** The media's id, of a service that names its media at the start. Throws `media-not-found` where there is none. */
export function mediaIdOf({ mediaId }: Session<unknown>): string {
  if (mediaId === undefined) throw new EndpointError('media-not-found');
  return mediaId;
}

/** What a provider knows of the call it works for. */
export interface CallContext {
  /** Who calls, as `authorize` named them. Absent only in calls made past the endpoint. */
  readonly caller?: { readonly id: string };
  /** Aborted when the browser disconnects; vendor calls stop with it. Operations that start or finish an upload are not aborted. */
  readonly signal: AbortSignal;
  /**
   * Every single vendor call goes through this: it limits how many calls of one batch, and of one caller, run at
   * once.
   */
  readonly limit: Limit;
  /** W3C Trace Context of the request: passed on with every vendor call. */
  readonly traceparent?: string | undefined;
  /** Told of every request to the cloud, each attempt by itself. */
  readonly onVendorCall?: ((record: VendorCallRecord) => void) | undefined;
}

/** An upload to begin, as the browser describes it. */
export type StartFields = Omit<StartItem, 'replaces' | 'parts' | 'partSizeBytes'>;

/** An upload to begin, its ticket opened and its options checked by the provider's own schema. */
export interface StartUpload<State = unknown> extends StartFields {
  /** An ended upload of this provider, whose media this upload replaces. Only with `canReplace`. */
  readonly replaces?: Session<State>;
}

/** What a provider answers when an upload session is started. */
export interface Started<State> {
  readonly mediaId?: string | undefined;
  readonly transfer: Transfer;
  readonly state: State;
  /** Requests that are known already, such as a single PUT that came with the answer. */
  readonly signed?: SignedRequest[];
  /** One for each attachment of the start, in order. */
  readonly attachments?: SignedAttachment[];
}

/** Signed requests for parts. */
export type Signed<State> =
  | {
      readonly outcome: 'signed';
      readonly requests: SignedRequest[];
      /** When credentials in it were renewed. */
      readonly state?: State;
    }
  /**
   * The transfer has to begin anew for the same media: its single URL has expired, say. `restart` does so. The endpoint
   * calls it once, however many calls ask for it, and completes it when the page is gone.
   */
  | { readonly outcome: 'expired'; readonly restart: (context: CallContext) => Promise<Started<State>> };

/** What an upload has left at a cloud that was neither confirmed nor discarded. */
export interface UnfinishedUpload {
  readonly kind: 'media' | 'multipart-upload';
  /** The media's id, or the object's key. */
  readonly id: string;
  /** Of a multipart upload. */
  readonly uploadId?: string;
  /** When it began, in ms since 1970. */
  readonly startedAt: number;
}

/** What the store says of an object that it has put together. */
export type Completed =
  | {
      readonly outcome: 'completed';
      readonly eTag?: string;
      readonly sizeBytes?: number;
      /**
       * `compared`: the store's ETags, of every part or of the whole, were compared with the MD5s sent; `accepted`: the
       * store itself did so when it completed the upload. Absent: neither is known.
       */
      readonly proof?: 'compared' | 'accepted' | undefined;
    }
  | { readonly outcome: 'parts-differ'; readonly partNumbers: number[] };

/** What a provider answers when an attachment is declared. */
export interface Attached<State> {
  /** One per attachment, in order. */
  readonly requests: SignedAttachment[];
  readonly state?: State;
}

/** What the service answered on confirmation, where it has to be kept. */
export interface Confirmed<State> {
  readonly mediaId?: string;
  readonly state?: State;
}

/** A link for the cloud to pull a video from. The endpoint has checked it. */
export interface ImportLink {
  /** Of this import alone, 32 hexadecimal digits: for services that tell repeated calls apart. */
  readonly id: string;
  readonly url: string;
  /** Lower case, one of `Imports.extensions`. */
  readonly extension: string;
  readonly fileName: string;
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
  /** Per-upload options, checked by the provider's own schema. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  /**
   * When an earlier call gave the same link to the cloud whose answer was lost, in ms since 1970: it may have begun the
   * import, which must not be doubled.
   */
  readonly triedAt?: number | undefined;
}

/** An import that the cloud has taken. */
export interface ImportStarted<State> {
  /** Absent until the service has named the media: some do so only when it is there. */
  readonly mediaId?: string | undefined;
  readonly state: State;
}

/** Where the cloud is with an import. */
export type ImportStatus =
  | {
      readonly outcome: 'waiting' | 'running';
      readonly percent?: number | undefined;
      /** Of the whole video, where the cloud says it before it has all of it. */
      readonly sizeBytes?: number | undefined;
    }
  | { readonly outcome: 'imported'; readonly mediaId: string; readonly sizeBytes?: number | undefined }
  | { readonly outcome: 'failed'; readonly code?: string | undefined };

/** How a cloud pulls videos from links by itself. The sessions are those of imports, whose state is `State`. */
export interface Imports<State = unknown> {
  /** Lower-case extensions of what is pulled. */
  readonly extensions: readonly string[];
  /** `path`: the path of the link has to end with one; `name`: that of the file's name does as well. */
  readonly extensionIn: 'path' | 'name';
  /** One entry per link, in order; gives the cloud as many with one call as it takes. */
  start(
    links: readonly ImportLink[],
    context: CallContext,
  ): Promise<(ImportStarted<State> | EndpointError)[]>;
  /** One entry per session, in order; asks in as few calls as the vendor allows. */
  status(
    sessions: readonly Session<State>[],
    context: CallContext,
  ): Promise<(ImportStatus | EndpointError)[]>;
  /**
   * Ends an import: one that waits is canceled, what has arrived is deleted. `running`: the cloud does not stop it. What
   * has failed, or is gone, counts as ended.
   */
  end(session: Session<State>, context: CallContext): Promise<'ended' | 'running'>;
  /** Requests for covers and subtitles of a video that is imported; those that `capabilities.import` names. */
  attach?(
    session: Session<State>,
    attachments: readonly Attachment[],
    context: CallContext,
  ): Promise<Attached<State>>;
}

/** What a cloud needs and can do; which schemes links may have is the endpoint's rule. */
export interface ProviderCapabilities extends Omit<Capabilities, 'provider' | 'options' | 'import'> {
  readonly import?: Omit<NonNullable<Capabilities['import']>, 'schemes'> | undefined;
}

/** What a bucket does with multipart uploads that nothing completes. */
export interface UnfinishedUploads {
  /** They are removed after so many days. Absent: they stay, and cost, until something aborts them. */
  readonly endAfterDays?: number;
}

/**
 * One media cloud. A provider is a folder that implements this and imports no other provider.
 * Every method throws `EndpointError` with a documented code and nothing else that is expected; the handler turns
 * anything else into `internal`. Methods keep no state between calls and may run on any instance of the endpoint.
 */
export interface Provider<State = unknown> {
  /** Stable id, as in `/?provider=…` and `MediaDetails.provider`. */
  readonly id: string;
  /** What the browser has to know beforehand; the handler adds the id and the names of the options. */
  readonly capabilities: ProviderCapabilities;
  /**
   * Schema of the per-upload options that pages may send, an object with one optional entry each. Absent: none.
   * The handler lets through only what `authorize` allows, parses it, and answers `invalid-request` for the rest.
   */
  readonly options?: GenericSchema<Record<string, unknown>> & {
    readonly entries: Readonly<Record<string, unknown>>;
  };
  /** Makes the media and opens the transfer. `checksum-required` asks the browser for the whole file's MD5 first. */
  start(upload: StartUpload<State>, context: CallContext): Promise<Started<State> | 'checksum-required'>;
  /** One request per part asked for, in the same order. */
  sign(session: Session<State>, parts: readonly PartToSign[], context: CallContext): Promise<Signed<State>>;
  /** Requests for covers and subtitles: ones that came after the start, or whose first request has expired. Absent: none. */
  attach?(
    session: Session<State>,
    attachments: readonly Attachment[],
    context: CallContext,
  ): Promise<Attached<State>>;
  /**
   * Every part the store has, in ascending order. A single transfer has none to list: empty. `undefined` where the store
   * does not list them.
   */
  list(session: Session<State>, context: CallContext): Promise<StoredPart[] | undefined>;
  /**
   * Compares the store's parts with what the browser sent, then completes the upload. With `isRepeat`, a transfer that is
   * gone because an earlier call completed it counts as completed. A single transfer has nothing to complete.
   */
  complete(
    session: Session<State>,
    parts: readonly SentPart[],
    options: { isRepeat: boolean },
    context: CallContext,
  ): Promise<Completed>;
  /** Discards what is stored of an unfinished transfer. Already gone counts as done. */
  abort(session: Session<State>, context: CallContext): Promise<void>;
  /** Tells the media service how it ended. Repeating a call that went through counts as done. */
  confirm(
    session: Session<State>,
    status: 'uploaded' | 'failed' | 'canceled',
    context: CallContext,
  ): Promise<Confirmed<State> | void>;
  /** With `capabilities.import`. Absent: this cloud pulls nothing from links. */
  readonly imports?: Imports;
  /** Changes title, description or tags of confirmed media; only what `capabilities.updates` names is asked for. */
  update?(session: Session<State>, update: MediaUpdate, context: CallContext): Promise<void>;
  /**
   * Asks the cloud for something small, to learn whether it answers and accepts the keys: for readiness probes and
   * `vodrop doctor`. Changes nothing. Absent: it is known only with the first upload.
   */
  probe?(context: CallContext): Promise<void>;
  /**
   * Uploads that began before this time and have neither been confirmed nor discarded: see `sweep`. Absent: the cloud
   * keeps none.
   */
  listUnfinished?(before: number, context: CallContext): Promise<UnfinishedUpload[]>;
  /** Discards one of those, unless it has ended meanwhile: then false. Already gone counts as done. */
  discardUnfinished?(upload: UnfinishedUpload, context: CallContext): Promise<boolean>;
  /** The rule of the host's own bucket for unfinished uploads. Absent where the bucket is the vendor's. */
  unfinishedUploads?(context: CallContext): Promise<UnfinishedUploads>;
  /** One entry per session, in order; asks the vendor in as few calls as it allows. */
  details(
    sessions: readonly Session<State>[],
    context: CallContext,
  ): Promise<(MediaDetails | EndpointError)[]>;
  /**
   * The details of one medium by its id alone: a message of the vendor names no session. Throws `media-not-found` where
   * the service does not know it. Absent: messages about this provider's media cannot be checked.
   */
  lookUp?(mediaId: string, context: CallContext): Promise<MediaDetails>;
}
