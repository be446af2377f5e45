import type { Capabilities } from '../../protocol/index.js';
import type { Restrictions } from '../types.js';

/**
 * The host's rules within what the endpoint says it takes: a file that it would refuse, today and on any other day, is
 * rejected before anything is sent. What is left of a day's bytes changes with other pages and with time: the endpoint
 * decides about that, file by file.
 */
export function withServiceLimits(
  restrictions: Restrictions,
  capabilities: Capabilities | undefined,
): Restrictions {
  const { maxFileSizeBytes = Infinity, limits } = capabilities ?? {};
  const maxSizeBytes = Math.min(
    restrictions.maxSizeBytes ?? Infinity,
    maxFileSizeBytes,
    limits?.bytesPerDay ?? Infinity,
  );
  return maxSizeBytes === Infinity ? restrictions : { ...restrictions, maxSizeBytes };
}
