import { useEffect, useState } from 'react';

/**
 * Whether the component has been mounted for so many ms: for what is said, or shown instead, where a part loads late. Each
 * `attempt` is given as long.
 */
export function useIsLate(patienceMs: number, attempt = 0): boolean {
  const [late, setLate] = useState<number>();
  useEffect(() => {
    const timer = setTimeout(() => {
      setLate(attempt);
    }, patienceMs);
    return () => {
      clearTimeout(timer);
    };
  }, [patienceMs, attempt]);
  return late === attempt;
}
