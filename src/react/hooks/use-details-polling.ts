import { QueryClient, QueryClientContext, useQuery } from '@tanstack/react-query';
import { useContext, useEffect, useId, useState } from 'react';
import type { Uploader } from '../../engine/index.js';
import { PollingPace } from '../../engine/shared.js';
import { useSelected } from './use-uploads.js';

/**
 * Asks for the details of everything that is processing, in one batch, until each has a final status: after 1 s at
 * first, slower up to 15 s, and quick again when another upload begins to process.
 *
 * Uses the host's QueryClient where there is one, else one of its own. For engines made with `polling: 'manual'`.
 */
export function useDetailsPolling(uploader: Uploader): void {
  const hostClient = useContext(QueryClientContext);
  const [ownClient] = useState(() => new QueryClient());
  const [pace] = useState(() => new PollingPace());
  const id = useId();

  // A text, so that the store's snapshot stays the same while nothing begins or ends.
  const processing = useSelected(uploader, ({ uploads }) =>
    uploads
      .filter(({ status }) => status === 'processing')
      .map((upload) => upload.id)
      .join('\n'),
  );

  useEffect(() => {
    pace.see(processing ? processing.split('\n') : []);
  }, [pace, processing]);

  useQuery(
    {
      queryKey: ['vodrop', 'details', id],
      queryFn: ({ signal }) => {
        pace.asked();
        return uploader.refreshDetails(signal);
      },
      enabled: processing !== '',
      refetchInterval: pace.nextMs,
      refetchIntervalInBackground: true,
      // The engine knows best about the line. A query that React Query pauses offline goes on only where a
      // QueryClientProvider is mounted, and without one would never ask again.
      networkMode: 'always',
      // The interval itself asks again; a retry besides would double the calls of an endpoint in trouble.
      retry: false,
      gcTime: 0,
      staleTime: 0,
    },
    hostClient ?? ownClient,
  );
}
