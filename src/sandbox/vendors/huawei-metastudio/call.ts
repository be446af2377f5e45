import * as v from 'valibot';
import type { SandboxContext } from '../../context.js';
import type { FaultEffect } from '../../faults.js';
import type { QueryPair } from '../../http/encoding.js';
import type { HuaweiAccount } from '../../options.js';
import type { UrlSigner } from '../huawei-vod/url-signer.js';
import { MetastudioError } from './errors.js';
import type { Library } from './library.js';
import type { MetastudioSettings } from './settings.js';

/** Dependencies of the handlers. */
export interface Studio {
  context: SandboxContext;
  account: HuaweiAccount;
  settings: MetastudioSettings;
  library: Library;
  bucket: string;
  signer: UrlSigner;
}

/** One authenticated call. `id` is the last variable of the path. */
export interface StudioCall {
  studio: Studio;
  id: string;
  query: readonly QueryPair[];
  body: Buffer;
  appUserId: string;
  effect: FaultEffect;
}

/** The parsed body; invalid JSON and invalid fields have different errors. */
export function readBody<T extends v.GenericSchema>(
  schema: T,
  { body }: StudioCall,
  refusal: 'MSS.00000003' | 'MSS.10000003',
): v.InferOutput<T> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new MetastudioError('MSS.00000002');
  }
  const parsed = v.safeParse(schema, value);
  if (!parsed.success) throw new MetastudioError(refusal);
  return parsed.output;
}
