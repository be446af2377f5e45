import * as v from 'valibot';
import type { EventSwitches } from './settings.js';

const orderSchema = v.strictObject({
  switches: v.optional(
    v.strictObject({
      duplicate: v.optional(v.boolean()),
      drop: v.optional(v.boolean()),
      delayMs: v.optional(v.pipe(v.number(), v.minValue(0))),
      badSignature: v.optional(v.boolean()),
      staleTime: v.optional(v.boolean()),
    }),
  ),
  subscribe: v.optional(v.picklist(['huawei', 's3'])),
});

/** Body of `POST events`. Throws `TypeError` for anything else. */
export function parseEventOrder(value: unknown): {
  switches?: Partial<EventSwitches> | undefined;
  subscribe?: 'huawei' | 's3' | undefined;
} {
  const parsed = v.safeParse(orderSchema, value);
  if (!parsed.success) throw new TypeError(parsed.issues.map(({ message }) => message).join(' '));
  return parsed.output;
}
