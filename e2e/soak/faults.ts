import type { FaultRule } from '../support/sandbox.js';
import type { Random } from './random.js';

/** A rate low enough that the other steps occur during uploads. */
export const everyday: FaultRule = {
  match: { plane: 'data', method: 'PUT' },
  times: null,
  effect: { rateBytesPerSecond: 1_500_000 },
};

const data = { plane: 'data', method: 'PUT' } as const;
/** Calls whose answer may be lost: a repeated call reports the effect of the first. A repeated creation cannot. */
const askable = [
  'CompleteMultipartUpload',
  'ConfirmAssetUpload',
  'ConfirmFileUpload',
  'CommitUpload',
  'ListParts',
];

/** Faults for the data and the calls of one cloud. All of them are temporary: each rule has a limited count. */
const kinds: Record<string, (random: Random) => Required<Pick<FaultRule, 'match' | 'effect'>>> = {
  'answers 500': () => ({ match: data, effect: { status: 500 } }),
  'answers 503': () => ({ match: data, effect: { status: 503 } }),
  'answers 429': () => ({ match: data, effect: { status: 429 } }),
  'drops the connection': (random) => ({
    match: data,
    effect: { dropAfterBytes: random.between(0, 1_500_000) },
  }),
  'loses the reply': () => ({ match: data, effect: { loseReply: true } }),
  'damages a byte': () => ({ match: { ...data, action: 'UploadPart' }, effect: { corrupt: true } }),
  'expires signatures': () => ({ match: data, effect: { expire: true } }),
  'delays the answer': (random) => ({ match: data, effect: { delayMs: random.between(200, 3000) } }),
  'limits the rate': (random) => ({
    match: data,
    effect: { rateBytesPerSecond: random.between(300, 2000) * 1000 },
  }),
  'loses the answer of a call': (random) => ({
    match: { action: random.pick(askable) ?? 'ListParts' },
    effect: { loseReply: true },
  }),
  'answers a call with 503': () => ({ match: { plane: 'control' }, effect: { status: 503 } }),
  'delays the answer of a call': (random) => ({
    match: { plane: 'control' },
    effect: { delayMs: random.between(200, 2000) },
  }),
};

export function nextFault(random: Random, provider: string): { what: string; rule: FaultRule } {
  const what = random.pick(Object.keys(kinds)) ?? 'answers 500';
  const make = kinds[what];
  if (!make) throw new Error(`there is no fault named ${what}`);
  const { match, effect } = make(random);
  return { what, rule: { match: { provider, ...match }, times: random.between(1, 4), effect } };
}
