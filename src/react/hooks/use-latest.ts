import { useInsertionEffect, useRef, type RefObject } from 'react';

/** The newest value, for callbacks that outlive a render. Not to be read while rendering. */
export function useLatest<T>(value: T): RefObject<T> {
  const ref = useRef(value);
  useInsertionEffect(() => {
    ref.current = value;
  });
  return ref;
}
