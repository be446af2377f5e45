import type { ReactNode } from 'react';
import { Button } from '../components/button.js';
import { useWidget } from '../context.js';
import { readSources } from './source-names.js';
import { useSources } from './sources-store.js';
import { useCanImport } from './use-can-import.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';

/** Asks for another link in place of one that was not fetched; the failed row goes once there is one. */
export function ChangeLink({ id, tabIndex }: { id: string; tabIndex: number }): ReactNode {
  const { sources } = useWidget();
  const words = useOnDemandWords('sources');
  const canImport = useCanImport(readSources(sources).includes('link'));
  const { open } = useSources();
  if (!words || !canImport) return null;
  return (
    <Button
      label={words.changeLink}
      icon="link"
      look="line"
      tabIndex={tabIndex}
      aria-describedby={`${id}-name`}
      onClick={() => {
        open({ kind: 'link', text: '', replaces: id });
      }}
    />
  );
}
