import { Suspense, useState, type ReactNode } from 'react';
import { DetailsContext } from '../context.js';
import { LateNote } from './late-note.js';
import { lazyPart } from './lazy-part.js';

const DetailsDialog = lazyPart(() =>
  import('./details/details-dialog.js').then(({ DetailsDialog }) => DetailsDialog),
);

/** Lets the rows inside open the dialog; it is loaded with the first that does. */
export function DetailsHost({ children }: { children: ReactNode }): ReactNode {
  const [id, setId] = useState<string>();
  const close = () => {
    setId(undefined);
  };
  return (
    <DetailsContext value={setId}>
      {children}
      {id !== undefined && (
        <Suspense key={id} fallback={<LateNote onClose={close} />}>
          <DetailsDialog id={id} onClose={close} />
        </Suspense>
      )}
    </DetailsContext>
  );
}
