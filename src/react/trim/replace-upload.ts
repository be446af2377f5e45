import type { Uploader, UploadSnapshot } from '../../engine/index.js';
import { findUpload } from '../stores/snapshot-index.js';
import type { MadeCopy } from './made-copies.js';

/**
 * Adds a copy in place of an upload, with what the person had given it; the upload is given up once the copy is in the
 * list. Answers the id of the copy's upload; undefined where it was rejected, which the list says, and where it was
 * canceled meanwhile.
 */
export async function replaceUpload(
  uploader: Uploader,
  id: string,
  { file, handle }: Pick<MadeCopy, 'file' | 'handle'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const before = findUpload(uploader.getSnapshot(), id);
  if (!before) return undefined;
  const { added } = await uploader.add([{ file, handle, path: before.path }], {
    options: before.options,
    duplicates: 'allow',
  });
  const [copy] = added;
  if (copy === undefined) return undefined;
  if (signal.aborted) {
    endQuietly(uploader, copy);
    return undefined;
  }
  giveAll(uploader, copy, before);
  if (!before.isNotStarted) uploader.start(copy);
  endQuietly(uploader, id);
  return copy;
}

/** Cover, subtitles, and what was typed after the start. */
function giveAll(uploader: Uploader, id: string, { attachments, details }: UploadSnapshot): void {
  for (const { kind, file, language, title } of attachments)
    uploader.attach(id, { kind, file, language, title });
  if (!details) return;
  const { status: _status, error: _error, ...given } = details;
  uploader.setDetails(id, given);
}

/** Gives it up, and takes its row away once that is done. */
export function endQuietly(uploader: Uploader, id: string): void {
  const look = () => {
    const upload = findUpload(uploader.getSnapshot(), id);
    if (upload && upload.status !== 'canceled') {
      // It was complete already: both stay, and the person sees it.
      if (upload.isTooLateToCancel) stop();
      return;
    }
    stop();
    if (upload?.canRemove) uploader.remove(id);
  };
  const stop = uploader.subscribe(look);
  uploader.cancel(id);
  look();
}
