import { useEffect, useState } from 'react';

/** Whether the component has been mounted for so many ms: for what is said, or shown instead, where a part loads late. */
export function useIsLate(patienceMs: number): boolean {
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsLate(true);
    }, patienceMs);
    return () => {
      clearTimeout(timer);
    };
  }, [patienceMs]);
  return isLate;
}
