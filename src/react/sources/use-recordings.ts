import { useCallback, useEffect, useState } from 'react';
import type { UploaderSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import { openRecordings, recordingsChanged, type StoredRecording } from './recording-files.js';
import { engineOf } from '../stores/hosted-uploader.js';
import { findUpload } from '../stores/snapshot-index.js';
import { uploadedRecordings, type UploadState } from './uploaded-recordings.js';

/** Until then the engine has read which uploads of earlier visits there are. */
const journalMs = 3000;

interface Found {
  readonly stored: readonly StoredRecording[];
  readonly whose: string;
}

/** The recordings that can be gone on with, and the end of those that were uploaded. */
export function useRecordings(): {
  readonly offered: readonly StoredRecording[];
  readonly discard: (id: string) => void;
} {
  const { uploader, scope } = useWidget();
  const [{ stored, whose }, setFound] = useState<Found>({ stored: [], whose: scope });
  // Until those of this person are read, none is shown.
  if (whose !== scope) setFound({ stored: [], whose: scope });
  const [isJournalRead, setIsJournalRead] = useState(false);
  const uploadIds = stored.flatMap(({ info: { uploadId } }) => uploadId ?? []);
  const wanted = [...uploadedRecordings.uploadIds, ...uploadIds];
  const states = useSelected(uploader, (snapshot) =>
    wanted.map((id) => `${id}=${stateOf(snapshot, id)}`).join(' '),
  );

  useEffect(() => {
    let isCurrent = true;
    const look = async () => {
      const found = await (await openRecordings(scope))?.list();
      if (isCurrent) setFound({ stored: found ?? [], whose: scope });
    };
    const update = () => {
      look().catch(() => undefined);
    };
    const later = setTimeout(() => {
      setIsJournalRead(true);
    }, journalMs);
    update();
    const stop = recordingsChanged.subscribe(update);
    // Another tab may have finished one, or let go of it.
    document.addEventListener('visibilitychange', update);
    return () => {
      isCurrent = false;
      clearTimeout(later);
      stop();
      document.removeEventListener('visibilitychange', update);
    };
  }, [scope]);

  const remove = useCallback(
    (id: string) => {
      void openRecordings(scope).then((files) => files?.remove(id));
    },
    [scope],
  );
  const discard = useCallback(
    (id: string) => {
      void openRecordings(scope).then((files) => files?.discard(id));
    },
    [scope],
  );

  useEffect(() => {
    const read = readStates(states);
    uploadedRecordings.settle(read, engineOf(uploader), remove);
    for (const { info } of stored)
      if (info.uploadId && read.get(info.uploadId) === 'confirmed') remove(info.id);
  }, [states, stored, uploader, remove]);

  const read = readStates(states);
  return {
    offered: stored.filter(({ info: { uploadId } }) =>
      uploadId === undefined ? true : isJournalRead && read.get(uploadId) === 'gone',
    ),
    discard,
  };
}

/** What has become of the upload of a recording. What was canceled may be uploaded again. */
function stateOf(snapshot: UploaderSnapshot, id: string): UploadState {
  const status = findUpload(snapshot, id)?.status;
  if (status === 'processing' || status === 'ready') return 'confirmed';
  if (status === undefined && snapshot.unfinished.some((upload) => upload.id === id)) return 'open';
  return status === undefined || status === 'canceled' ? 'gone' : 'open';
}

const readStates = (states: string): ReadonlyMap<string, string> =>
  new Map(states.split(' ').map((pair) => pair.split('=') as [string, string]));
