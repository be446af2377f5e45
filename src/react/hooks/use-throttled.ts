import { useEffect, useRef, useState } from 'react';

/** The value, renewed at most every `everyMs`; the newest is never lost. */
export function useThrottled<T>(value: T, everyMs: number): T {
  const [shown, setShown] = useState(value);
  const shownAt = useRef(0);
  useEffect(() => {
    if (Object.is(value, shown)) return;
    const waitMs = Math.max(0, shownAt.current + everyMs - Date.now());
    const timer = setTimeout(() => {
      shownAt.current = Date.now();
      setShown(value);
    }, waitMs);
    return () => {
      clearTimeout(timer);
    };
  }, [value, shown, everyMs]);
  return shown;
}
