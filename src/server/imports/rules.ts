import type { Caller, Refusal } from '../authorize.js';

/** What `allow` is told about a link. */
export interface ImportCall {
  readonly caller: Caller;
  readonly provider: string;
  /** The page's own data about the video. */
  readonly metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Which links pages may have imported. Private addresses are refused whatever these rules say, unless `origins` lists them. */
export interface ImportRules {
  /** Whether links may begin with `http:`: what the cloud pulls can then be read and replaced on the way. Default false. */
  readonly allowsHttp?: boolean | undefined;
  /** Ports beside 80 and 443. */
  readonly ports?: readonly number[] | undefined;
  /**
   * Origins whose links are taken whatever their scheme, address and port, as in `https://files.example.internal:8443`:
   * your own file server, or one of a test. Default none.
   */
  readonly origins?: readonly string[] | undefined;
  /** Called with each link that passes the other checks: false or a refusal refuses it. */
  readonly allow?:
    ((url: URL, call: ImportCall) => boolean | Refusal | Promise<boolean | Refusal>) | undefined;
}

/** Throws `TypeError` for an origin that is none. */
export function importRulesOf(imports: boolean | ImportRules = false): ImportRules | undefined {
  if (imports === false) return undefined;
  if (imports === true) return {};
  for (const origin of imports.origins ?? [])
    if (!URL.canParse(origin) || new URL(origin).origin !== origin)
      throw new TypeError(`imports.origins has "${origin}", which is no origin such as https://example.com.`);
  return imports;
}
