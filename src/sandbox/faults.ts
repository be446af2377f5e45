/** Faults as data: which requests a rule matches, how often, and what it does to them. */

export interface FaultMatch {
  provider?: string;
  plane?: 'control' | 'data';
  action?: string;
  method?: string;
  partNumber?: number;
}

/** What a fault does to the requests that it matches. */
export interface FaultEffect {
  /** Answer with this status in the vendor's error format, without performing the request. */
  status?: number;
  /** With `status`: the vendor's error code, instead of the usual one for that status. */
  code?: string;
  /** A `Retry-After` in the answer. A server can read it, a page of another origin cannot. */
  retryAfterSeconds?: number;
  /** Answer with a proxy's HTML page, with `status` or 200, without performing the request. */
  html?: boolean;
  /** Delay before the request is performed. */
  delayMs?: number;
  /** Read the body, then wait until the rules are cleared. If the client disconnects meanwhile, the request is not performed. */
  hold?: boolean;
  /** Limit the rate at which the request body is read. */
  rateBytesPerSecond?: number;
  /** Destroy the connection after this many bytes of body. 0 destroys it at once. */
  dropAfterBytes?: number;
  /** Stop reading the body after this many bytes and leave the connection open, like a dead network path. */
  stallAfterBytes?: number;
  /** Flip a byte of the body before digests are checked. */
  corrupt?: boolean;
  /** Perform the request, then destroy the connection without an answer. */
  loseReply?: boolean;
  /** Leave the ETag out of the answer. */
  hideETag?: boolean;
  /** Treat the signature, token or URL as expired. */
  expire?: boolean;
  /** For a confirm: the final status of the media's processing, such as `TRANSCODE_FAILED`. */
  mediaStatus?: string;
}

/** Which requests a fault matches, how often, and what it does to them. */
export interface FaultRule {
  match: FaultMatch;
  /** How many more requests the rule matches; null is unlimited. */
  times: number | null;
  effect: FaultEffect;
}

/** The properties of a request that rules are matched against. */
export interface FaultTarget {
  provider: string;
  plane: 'control' | 'data';
  action: string;
  method: string;
  partNumber?: number;
}

/** The rules, in order. Only the first match applies to a request. */
export class FaultList {
  #rules: FaultRule[] = [];
  #release = (): void => undefined;
  #cleared = this.#nextClear();

  get rules(): readonly FaultRule[] {
    return this.#rules;
  }

  /** Resolves the next time the rules are cleared. */
  get cleared(): Promise<void> {
    return this.#cleared;
  }

  add(rules: readonly FaultRule[]): void {
    this.#rules.push(...rules.map((rule) => ({ ...rule })));
  }

  clear(): void {
    this.#rules = [];
    this.#release();
    this.#cleared = this.#nextClear();
  }

  take(target: FaultTarget): FaultEffect {
    const rule = this.#rules.find((candidate) => matches(candidate.match, target));
    if (!rule) return {};
    if (rule.times !== null) {
      rule.times -= 1;
      if (rule.times <= 0) this.#rules = this.#rules.filter((candidate) => candidate !== rule);
    }
    return rule.effect;
  }

  #nextClear(): Promise<void> {
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }
}

/** Throws a FaultRuleError that names the invalid part of the input. */
export function parseFaultRules(input: unknown): FaultRule[] {
  const rules = isRecord(input) ? input['rules'] : undefined;
  if (!Array.isArray(rules)) throw new FaultRuleError('The body must be {"rules":[…]}.');
  return rules.map((rule: unknown, index) => parseRule(rule, `rules[${index}]`));
}

export class FaultRuleError extends Error {
  override name = 'FaultRuleError';
}

function matches(match: FaultMatch, target: FaultTarget): boolean {
  return (Object.keys(match) as (keyof FaultMatch)[]).every(
    (key) => match[key] === undefined || match[key] === target[key],
  );
}

type Check = (value: unknown) => boolean;
const isText: Check = (value) => typeof value === 'string' && value !== '';
const isFlag: Check = (value) => typeof value === 'boolean';
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isPositive: Check = (value) => typeof value === 'number' && Number.isFinite(value) && value > 0;

const matchChecks: Record<keyof FaultMatch, Check> = {
  provider: isText,
  plane: (value) => value === 'control' || value === 'data',
  action: isText,
  method: isText,
  partNumber: isCount,
};

const effectChecks: Record<keyof FaultEffect, Check> = {
  status: (value) => Number.isInteger(value) && (value as number) >= 400 && (value as number) <= 599,
  code: isText,
  retryAfterSeconds: isCount,
  html: isFlag,
  delayMs: isCount,
  hold: isFlag,
  rateBytesPerSecond: isPositive,
  dropAfterBytes: isCount,
  stallAfterBytes: isCount,
  corrupt: isFlag,
  loseReply: isFlag,
  hideETag: isFlag,
  expire: isFlag,
  mediaStatus: isText,
};

function parseRule(rule: unknown, where: string): FaultRule {
  const fields = checkKeys(rule, where, ['match', 'times', 'effect']);
  const match = checkFields<FaultMatch>(fields['match'] ?? {}, `${where}.match`, matchChecks);
  const effect = checkFields<FaultEffect>(fields['effect'], `${where}.effect`, effectChecks);
  if (Object.keys(effect).length === 0)
    throw new FaultRuleError(
      `${where}.effect names no effect; known: ${Object.keys(effectChecks).join(', ')}.`,
    );
  return { match, times: parseTimes(fields['times'], where), effect };
}

function parseTimes(times: unknown, where: string): number | null {
  if (times === undefined) return 1;
  if (times === null || times === 'always') return null;
  if (Number.isSafeInteger(times) && (times as number) > 0) return times as number;
  throw new FaultRuleError(`${where}.times must be a whole number above 0, or null or "always".`);
}

function checkFields<T extends object>(value: unknown, where: string, checks: Record<keyof T, Check>): T {
  const fields = checkKeys(value, where, Object.keys(checks));
  for (const [name, field] of Object.entries(fields)) {
    if (!checks[name as keyof T](field))
      throw new FaultRuleError(`${where}.${name} cannot be ${JSON.stringify(field)}.`);
  }
  return fields as T;
}

function checkKeys(value: unknown, where: string, known: readonly string[]): Record<string, unknown> {
  if (!isRecord(value)) throw new FaultRuleError(`${where} must be an object.`);
  const unknownKey = Object.keys(value).find((key) => !known.includes(key));
  if (unknownKey !== undefined)
    throw new FaultRuleError(`${where}.${unknownKey} is not known; known: ${known.join(', ')}.`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
