/** Bad weather as data: which request a rule falls on, how often, and what happens to it. */

export interface FaultMatch {
  provider?: string;
  plane?: 'control' | 'data';
  action?: string;
  method?: string;
  partNumber?: number;
}

export interface FaultEffect {
  /** Answer this status in the vendor's shape, and do nothing. */
  status?: number;
  /** With `status`: the vendor's error code, where the usual one for that status will not do. */
  code?: string;
  /** A `Retry-After` in the answer. A page of another origin cannot read it; a server can. */
  retryAfterSeconds?: number;
  /** Answer a proxy's HTML page, with `status` or 200, and do nothing. */
  html?: boolean;
  /** Wait before doing anything. */
  delayMs?: number;
  /** Take the body in, then wait with everything else until the rules are cleared. A client that hangs up meanwhile has asked for nothing. */
  hold?: boolean;
  /** Read the request's body no faster. */
  rateBytesPerSecond?: number;
  /** Destroy the connection after this many bytes of body. 0 destroys it at once. */
  dropAfterBytes?: number;
  /** Take no more than this of the body and leave the connection open, as a line does that has died unnoticed. */
  stallAfterBytes?: number;
  /** Flip a byte of what arrives, before any digest is checked. */
  corrupt?: boolean;
  /** Do the work, then destroy the connection. */
  loseReply?: boolean;
  /** No ETag in the answer. */
  hideETag?: boolean;
  /** Take signature, token or URL as expired. */
  expire?: boolean;
  /** Of a confirm: the status in which the media's processing ends, such as `TRANSCODE_FAILED`. */
  mediaStatus?: string;
}

export interface FaultRule {
  match: FaultMatch;
  /** Requests left to fall on; null is for ever. */
  times: number | null;
  effect: FaultEffect;
}

/** A request that a rule may fall on. */
export interface FaultTarget {
  provider: string;
  plane: 'control' | 'data';
  action: string;
  method: string;
  partNumber?: number;
}

/** The rules, in order. One request takes the first that matches, and only that. */
export class FaultList {
  #rules: FaultRule[] = [];
  #release = (): void => undefined;
  #cleared = this.#nextClearing();

  get rules(): readonly FaultRule[] {
    return this.#rules;
  }

  /** Resolves when the rules are cleared the next time. */
  get cleared(): Promise<void> {
    return this.#cleared;
  }

  add(rules: readonly FaultRule[]): void {
    this.#rules.push(...rules.map((rule) => ({ ...rule })));
  }

  clear(): void {
    this.#rules = [];
    this.#release();
    this.#cleared = this.#nextClearing();
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

  #nextClearing(): Promise<void> {
    return new Promise((resolve) => {
      this.#release = resolve;
    });
  }
}

/** Throws a FaultRuleError that says which part of the input is wrong. */
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
  const stranger = Object.keys(value).find((key) => !known.includes(key));
  if (stranger !== undefined)
    throw new FaultRuleError(`${where}.${stranger} is not known; known: ${known.join(', ')}.`);
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
