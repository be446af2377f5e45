import type { FaultRule } from '../support/sandbox.js';
import type { Random } from './random.js';

/** Slow enough that uploads are met in the middle. */
export const everyday: FaultRule = {
  match: { plane: 'data', method: 'PUT' },
  times: null,
  effect: { rateBytesPerSecond: 1_500_000 },
};

const data = { plane: 'data', method: 'PUT' } as const;
/** Calls whose answer may get lost: the next one learns what the first has done. Of a creation nobody could. */
const askable = [
  'CompleteMultipartUpload',
  'ConfirmAssetUpload',
  'ConfirmFileUpload',
  'CommitUpload',
  'ListParts',
];

/** What may happen next to the bytes of one cloud, and to the calls about them. Always passing: rules run out. */
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
  'lets signatures run out': () => ({ match: data, effect: { expire: true } }),
  'takes its time': (random) => ({ match: data, effect: { delayMs: random.between(200, 3000) } }),
  'is slow': (random) => ({ match: data, effect: { rateBytesPerSecond: random.between(300, 2000) * 1000 } }),
  'loses the answer of a call': (random) => ({
    match: { action: random.pick(askable) ?? 'ListParts' },
    effect: { loseReply: true },
  }),
  'refuses a call for now': () => ({ match: { plane: 'control' }, effect: { status: 503 } }),
  'is slow to answer calls': (random) => ({
    match: { plane: 'control' },
    effect: { delayMs: random.between(200, 2000) },
  }),
};

export function nextWeather(random: Random, provider: string): { what: string; rule: FaultRule } {
  const what = random.pick(Object.keys(kinds)) ?? 'answers 500';
  const make = kinds[what];
  if (!make) throw new Error(`no such weather: ${what}`);
  const { match, effect } = make(random);
  return { what, rule: { match: { provider, ...match }, times: random.between(1, 4), effect } };
}
