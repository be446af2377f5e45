import { useMemo, useState } from 'react';
import type { UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { usePendingEnds } from '../hooks/use-pending-ends.js';
import { useSelected } from '../hooks/use-uploads.js';
import { hasNotes } from './has-notes.js';

/** The uploads with something to know, without those that were seen to or are about to end. */
export function useNoted(): { readonly uploads: readonly UploadSnapshot[]; readonly dismiss: () => void } {
  const { uploader } = useWidget();
  const select = useMemo(() => selectNoted(), []);
  const noted = useSelected(uploader, select);
  const pending = usePendingEnds();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const uploads = useMemo(
    () => noted.filter(({ id }) => !seen.has(id) && !pending.has(id)),
    [noted, seen, pending],
  );
  return {
    uploads,
    dismiss: () => {
      setSeen((before) => new Set([...before, ...uploads.map(({ id }) => id)]));
    },
  };
}

/** Keeps its list while nothing that the card shows has changed: bytes move ten times a second. */
function selectNoted() {
  let latest: readonly UploadSnapshot[] = [];
  return ({ uploads }: UploaderSnapshot): readonly UploadSnapshot[] => {
    const next = uploads.filter(hasNotes);
    if (next.length !== latest.length || next.some((upload, index) => !looksLike(upload, latest[index])))
      latest = next;
    return latest;
  };
}

function looksLike(upload: UploadSnapshot, other: UploadSnapshot | undefined): boolean {
  return (
    upload.id === other?.id &&
    upload.notes === other.notes &&
    upload.canCancel === other.canCancel &&
    upload.isNotStarted === other.isNotStarted &&
    upload.status === other.status
  );
}
