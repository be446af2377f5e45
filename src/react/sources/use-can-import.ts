import { useEffect } from 'react';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';

/** Whether the cloud fetches videos from links; asks the endpoint where that is of interest. */
export function useCanImport(isWanted: boolean): boolean {
  const { uploader } = useWidget();
  const canImport = useSelected(uploader, ({ capabilities }) => capabilities?.import !== undefined);
  useEffect(() => {
    // What fails is asked again with the first upload; until then there is no button.
    if (isWanted) uploader.loadCapabilities().catch(() => undefined);
  }, [uploader, isWanted]);
  return isWanted && canImport;
}
