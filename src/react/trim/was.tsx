import type { ReactNode } from 'react';
import { useWidget } from '../context.js';
import { rowFacts } from '../files/row-facts.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';
import { fill } from '../messages/fill.js';

/** From now on the row of the copy says how large the original was. */
export function tellOriginal(copy: File, originalBytes: number): void {
  rowFacts.set(copy, () => <Was sizeBytes={originalBytes} />);
}

function Was({ sizeBytes }: { sizeBytes: number }): ReactNode {
  const { format } = useWidget();
  const words = useOnDemandWords('trim');
  return (
    words && (
      <span className="vd-wide">
        <bdi>{fill(words.was, { size: format.bytes(sizeBytes) })}</bdi>
      </span>
    )
  );
}
