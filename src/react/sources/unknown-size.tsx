import type { ReactNode } from 'react';
import { useWidget } from '../context.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';
import { fill } from '../messages/fill.js';

/** In the line of the total: the imports that its bytes say nothing of. A lazy chunk. */
export function UnknownSize({ imports }: { imports: number }): ReactNode {
  const { format } = useWidget();
  const words = useOnDemandWords('sources');
  return (
    words && (
      <span>
        <bdi>{fill(words.sizeNotTold, { n: format.number(imports) })}</bdi>
      </span>
    )
  );
}
