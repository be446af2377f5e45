/** What the control API of the sandbox says of an object. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly md5Hex: string;
  readonly parts: readonly unknown[];
}

const put = { plane: 'data', method: 'PUT' } as const;

interface Fault {
  readonly label: string;
  readonly effect: string;
  /** Of those that do not end with the next requests. */
  readonly lastsMs?: number;
  readonly rule: object;
}

/** Rules for the sandbox, and what the page says when they are set. */
export const faults = {
  slow: {
    label: 'Slow line',
    effect: 'Each connection takes half a megabyte a second, for a minute.',
    lastsMs: 60_000,
    rule: { match: put, times: null, effect: { rateBytesPerSecond: 500_000 } },
  },
  cable: {
    label: 'Pull the cable',
    effect: 'Nothing gets through for 20 seconds.',
    lastsMs: 20_000,
    rule: { match: put, times: null, effect: { dropAfterBytes: 1 } },
  },
  drop: {
    label: 'Drop the connection',
    effect: 'The next connection breaks in the middle.',
    rule: { match: put, times: 1, effect: { dropAfterBytes: 200_000 } },
  },
  expire: {
    label: 'Expire the URLs',
    effect: 'The next three signed addresses are taken as expired.',
    rule: { match: put, times: 3, effect: { expire: true } },
  },
  fail: {
    label: 'Fail a part',
    effect: 'The store answers 500 to the next part.',
    rule: { match: put, times: 1, effect: { status: 500 } },
  },
  damage: {
    label: 'Damage a byte',
    effect: 'One byte of the next part arrives changed.',
    rule: { match: put, times: 1, effect: { corrupt: true } },
  },
  refuse: {
    label: 'Refuse everything',
    effect: 'The store refuses all parts for 20 seconds.',
    lastsMs: 20_000,
    rule: { match: put, times: null, effect: { status: 403, code: 'AccessDenied' } },
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

const endKey = 'vodrop-demo-faults-end';

export async function setFault(name: FaultName): Promise<void> {
  const fault: Fault = faults[name];
  await call('POST', 'faults', { rules: [fault.rule] });
  if (fault.lastsMs === undefined) return;
  sessionStorage.setItem(endKey, String(Date.now() + fault.lastsMs));
}

/**
 * Ends all faults when the last one with a duration is over, also one that was set before the tab was killed. Calls
 * `onEnd` then; the returned function stops waiting.
 */
export function endFaultsInTime(onEnd: () => void): () => void {
  const look = () => {
    const endsAt = Number(sessionStorage.getItem(endKey) ?? Infinity);
    if (Date.now() < endsAt) return;
    // While the sandbox does not answer, the next look tries again.
    void clearFaults().then(onEnd, () => undefined);
  };
  const timer = setInterval(look, 1000);
  return () => {
    clearInterval(timer);
  };
}

export async function clearFaults(): Promise<void> {
  await call('DELETE', 'faults');
  sessionStorage.removeItem(endKey);
}

export async function storedObjects(): Promise<readonly StoredObject[]> {
  return (await call('GET', 'objects')).json() as Promise<readonly StoredObject[]>;
}

async function call(method: string, path: string, body?: unknown): Promise<Response> {
  const response = await fetch(`${await origin()}/__sandbox/${path}`, {
    method,
    body: JSON.stringify(body),
    headers: body === undefined ? undefined : { 'content-type': 'application/json' },
  });
  if (!response.ok) throw new Error(`The sandbox answered ${response.status}.`);
  return response;
}

let known: Promise<string> | undefined;

/** The server of this page says where its sandbox is. */
function origin(): Promise<string> {
  known ??= fetch('/api/demo').then(
    async (response) => ((await response.json()) as { sandboxUrl: string }).sandboxUrl,
  );
  // Asked again the next time.
  known.catch(() => {
    known = undefined;
  });
  return known;
}
