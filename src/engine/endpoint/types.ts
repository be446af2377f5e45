import type {
  AttachRequest,
  AttachResponse,
  DescribeResponse,
  DetailsResponse,
  FinishRequest,
  FinishResponse,
  ImportQuestion,
  ImportResponse,
  ListResponse,
  SignRequest,
  SignResponse,
  StartItem,
  StartResponse,
  UpdateRequest,
  UpdateResponse,
} from '../../protocol/index.js';

export type ResultOf<Response extends { results: unknown[] }> = Response['results'][number];
/** A result that is not a refusal; refusals become errors. */
export type Granted<Response extends { results: unknown[] }> = Exclude<
  ResultOf<Response>,
  { outcome: 'refused' }
>;

export interface EndpointClientOptions {
  endpoint: string;
  provider: string;
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  fetch: typeof fetch;
  /** Default `same-origin`. */
  credentials?: RequestCredentials;
  /** Whether this is the page on which the person signs in, in place of an answer. */
  isSignInPage?: (response: Response) => boolean;
  /** How long a start or finish call may wait to share a batch with others, in ms. */
  batchDelayMs: (operation: 'start' | 'finish') => number;
}

/** Calls to the token endpoint, each about one upload. One attempt each; rejects with `EndpointCallError`. */
export interface EndpointClient {
  /** What the provider needs and can do. */
  describe(): Promise<Granted<DescribeResponse>>;
  start(item: StartItem): Promise<Granted<StartResponse>>;
  import(item: ImportQuestion): Promise<Granted<ImportResponse>>;
  sign(item: SignRequest['items'][number]): Promise<Granted<SignResponse>>;
  attach(item: AttachRequest['items'][number]): Promise<Granted<AttachResponse>>;
  list(ticket: string): Promise<Granted<ListResponse>>;
  finish(item: FinishRequest['items'][number]): Promise<Granted<FinishResponse>>;
  details(ticket: string): Promise<Granted<DetailsResponse>>;
  update(item: UpdateRequest['items'][number]): Promise<Granted<UpdateResponse>>;
}
