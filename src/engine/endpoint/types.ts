import type {
  AttachRequest,
  AttachResponse,
  DescribeResponse,
  DetailsResponse,
  FinishRequest,
  FinishResponse,
  ListResponse,
  SignRequest,
  SignResponse,
  StartItem,
  StartResponse,
} from '../../protocol/index.js';

export type ResultOf<Response extends { results: unknown[] }> = Response['results'][number];
/** What is left of a result once refusals have become errors. */
export type Accepted<Response extends { results: unknown[] }> = Exclude<
  ResultOf<Response>,
  { outcome: 'refused' }
>;

export interface EndpointClientOptions {
  endpoint: string;
  provider: string;
  headers: () => Record<string, string> | Promise<Record<string, string>>;
  fetch: typeof fetch;
  /** How long the beginning of one upload may wait to be asked for together with others, or its end to be told, in ms. */
  batchDelayMs: (operation: 'start' | 'finish') => number;
}

/** Questions to the token endpoint, each about one upload. One attempt a question; rejects with `EndpointCallError`. */
export interface EndpointClient {
  /** What the provider needs and can do. */
  describe(): Promise<Accepted<DescribeResponse>>;
  start(item: StartItem): Promise<Accepted<StartResponse>>;
  sign(item: SignRequest['items'][number]): Promise<Accepted<SignResponse>>;
  attach(item: AttachRequest['items'][number]): Promise<Accepted<AttachResponse>>;
  list(ticket: string): Promise<Accepted<ListResponse>>;
  finish(item: FinishRequest['items'][number]): Promise<Accepted<FinishResponse>>;
  details(ticket: string): Promise<Accepted<DetailsResponse>>;
}
