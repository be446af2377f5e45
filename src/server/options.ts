import type { Authenticate, Authorize } from './authorize.js';
import type { ConfirmedUpload } from './batch.js';
import type { ImportRules } from './imports/rules.js';
import type { CallerLimits, CreateCounter, Limits } from './limits.js';
import type { EndpointStore } from './memory.js';
import type { EndpointEvent } from './observe.js';
import type { Provider } from './provider.js';
import type { ErrorContext } from './report.js';
import type { Secret } from './secret.js';

/** `Context` is what the host passes on with each request: see `toNodeListener`. */
export interface TokenEndpointOptions<Context = unknown> {
  /** The clouds on offer, each with its own `id`. */
  readonly providers: readonly Provider[];
  /**
   * Names the caller by headers and cookies, before the body is read: a stranger's body costs nothing. Without
   * `authorize` its callers may do everything that their `Caller` allows. One of the two is required.
   */
  readonly authenticate?: Authenticate<Context>;
  /** Names the caller, or refuses the call, once it is known what the call is about: see `Authorize`. */
  readonly authorize?: Authorize<Context>;
  /**
   * Encrypts the tickets: at least 32 random characters or bytes, as from `openssl rand -base64 32`. Of several, the
   * first encrypts and all decrypt: to change it, first deploy `[old, new]` everywhere, then `[new, old]`, and after
   * `ticketLifetimeMs` `new` alone.
   */
  readonly secret: Secret | readonly Secret[];
  /**
   * Names this endpoint in its tickets. Give each its own where several share a secret and callers. Default `vodrop`.
   */
  readonly audience?: string;
  /** How long an upload may take from start to finish, in ms, whatever is renewed meanwhile. Default 7 days. */
  readonly ticketLifetimeMs?: number;
  /**
   * Remembers starts, so that the repeat of one whose answer was lost gets the same session, and how uploads have
   * ended. Default: in memory, for one process. Several instances should share one, in Redis or any store of keys.
   */
  readonly store?: EndpointStore;
  /** What each caller may upload, for all or by caller. Default: as much as the provider takes. */
  readonly limits?: Limits<Context> | CallerLimits;
  /**
   * Whether pages may have the cloud pull videos from links. The endpoint checks each link and fetches nothing itself.
   * Default false, as each link costs your quota at the cloud.
   */
  readonly imports?: boolean | ImportRules;
  /**
   * What `limits` counts with. Default in memory; several instances should share a limiter of
   * `rate-limiter-flexible`.
   */
  readonly counters?: CreateCounter;
  /**
   * Called when an upload is confirmed at its media service, before the page hears of it. It is awaited: if it throws,
   * the page repeats the finish, and it is called again; so it may see an upload twice, and must take that for one.
   */
  readonly onConfirmed?: (upload: ConfirmedUpload<Context>) => void | Promise<void>;
  /** Told of every call, every item of it and every request to a cloud: for logs, metrics and traces. */
  readonly onEvent?: (event: EndpointEvent) => void;
  /**
   * Log hook. Gets what the caller is not told: everything answered as `internal`, and clouds that refuse the
   * endpoint's own keys or send invalid replies.
   */
  readonly onError?: (error: unknown, context: ErrorContext) => void;
  /** The clock, in ms since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Largest request body. Default 4 MiB, which only a `finish` may use; other calls have 2 MiB at the most. */
  readonly maxBodyBytes?: number;
  /** How long a body may keep the endpoint waiting, in ms, beside a second for each kilobyte. Default 20,000. */
  readonly bodyTimeoutMs?: number;
  /**
   * Whether pages get the service's whole reply in `details` (`media.vendor`). It may name buckets, paths, callback
   * addresses and the address of the uploader. Default false.
   */
  readonly exposeVendorDetails?: boolean;
  /**
   * How long a function of yours may take on whose answer a call waits, in ms: `authenticate`, `authorize`, `mayStart`,
   * `mayUse`, `limits`, `imports.allow`, `onConfirmed`. A call whose function takes longer is answered as `internal` with
   * a Retry-After, which pages repeat, and `onError` is told. Default 10,000.
   */
  readonly hookTimeoutMs?: number;
  /** Items and vendor calls under way at once per request. Default 8. */
  readonly concurrency?: number;
  /** Vendor calls under way at once per caller, of all requests to this process. Default 16. */
  readonly concurrencyPerCaller?: number;
  /** Origins other than the endpoint's own whose pages may call it, as in `https://app.example.com`. Default none. */
  readonly allowedOrigins?: readonly string[];
}
