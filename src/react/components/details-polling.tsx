import type { ReactNode } from 'react';
import type { Uploader } from '../../engine/index.js';
import { useDetailsPolling } from '../hooks/use-details-polling.js';

/** Asks for the details of what is processing. A chunk of its own, as it brings TanStack Query. See `lazy.tsx`. */
export function DetailsPolling({ uploader }: { uploader: Uploader }): ReactNode {
  useDetailsPolling(uploader);
  return null;
}
