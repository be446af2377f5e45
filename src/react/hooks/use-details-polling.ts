import { QueryClientContext } from '@tanstack/react-query';
import { useContext, useEffect } from 'react';
import type { Uploader } from '../../engine/index.js';
import { pollDetails } from '../stores/poll-details.js';

/**
 * Asks for the details of everything that is processing, in one batch, until each has a final status: at once, then
 * after 1 s, slower up to 15 s, and quick again when another upload begins to process.
 *
 * Each question is a query of the host's QueryClient where there is one. For engines made with `polling: 'manual'`; one
 * that polls by itself is left to do so.
 */
export function useDetailsPolling(uploader: Uploader): void {
  // Nothing else of React Query: in a page that does not use it, all of it would stand before the drop zone.
  const client = useContext(QueryClientContext);
  useEffect(() => pollDetails(uploader, client), [uploader, client]);
}
