/** What the control API of the sandbox says of an object. */
export interface StoredObject {
  readonly key: string;
  readonly size: number;
  readonly md5Hex: string;
  readonly parts: readonly unknown[];
}

const put = { plane: 'data', method: 'PUT' } as const;

/** Rules for the sandbox, and what the page says when they are set. */
export const faults = {
  slow: {
    label: 'Slow line',
    effect: 'Each connection takes half a megabyte a second, until the faults are removed.',
    rule: { match: put, times: null, effect: { rateBytesPerSecond: 500_000 } },
  },
  cable: {
    label: 'Pull the cable',
    effect: 'Nothing gets through for 20 seconds.',
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
    effect: 'The store refuses all parts, until the faults are removed.',
    rule: { match: put, times: null, effect: { status: 403, code: 'AccessDenied' } },
  },
} as const;

export type FaultName = keyof typeof faults;

export async function setFault(name: FaultName): Promise<void> {
  await call('POST', 'faults', { rules: [faults[name].rule] });
  // A cable is put back by itself, which ends the other faults, too.
  if (name === 'cable') setTimeout(() => void clearFaults().catch(() => undefined), 20_000);
}

export async function clearFaults(): Promise<void> {
  await call('DELETE', 'faults');
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
