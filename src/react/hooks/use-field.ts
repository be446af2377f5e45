import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Uploader, UploaderSnapshot } from '../../engine/index.js';
import { callHost } from '../../engine/shared.js';
import { useLatest } from './use-latest.js';

/** What makes a widget a field of a form. */
export interface FieldSettings {
  /**
   * The media ids of the field, for form libraries; with `onChange`. Without it the widget keeps them itself. An id
   * that is taken out removes the upload that it is of from the list.
   */
  value?: readonly string[];
  /** Called with all media ids of the field when an upload is confirmed, or one that was is removed. */
  onChange?: (mediaIds: readonly string[]) => void;
}

const none: readonly string[] = [];
const nothing: ReadonlySet<string> = new Set();
const confirmed: ReadonlySet<string> = new Set(['processing', 'ready']);

/** The media ids of this tab's uploads that the cloud has. */
function confirmedIds({ uploads }: UploaderSnapshot): ReadonlySet<string> {
  const ids = uploads.flatMap(({ owner, status, mediaId }) =>
    owner === 'this' && mediaId !== undefined && confirmed.has(status) ? [mediaId] : [],
  );
  return ids.length ? new Set(ids) : nothing;
}

/** The media ids of a field: those that the host gave, and those of the uploads in the list. */
export function useField(
  uploader: Uploader,
  { value, onChange }: FieldSettings,
  root: RefObject<HTMLElement | null>,
): readonly string[] {
  const [own, setOwn] = useState(value ?? none);
  const ids = value ?? own;
  const latest = useLatest({ ids, onChange });
  const first = useRef(ids);

  useEffect(() => {
    let before = nothing;
    const take = (next: readonly string[]) => {
      latest.current.ids = next;
      setOwn(next);
      callHost(() => latest.current.onChange?.(next));
    };
    const compare = () => {
      const now = confirmedIds(uploader.getSnapshot());
      const { ids } = latest.current;
      // Sets: each of ten thousand ids is looked up with each change of the list.
      const known = new Set(ids);
      const gone = new Set([...before].filter((id) => !now.has(id) && known.has(id)));
      const added = [...now].filter((id) => !before.has(id) && !known.has(id));
      before = now;
      if (gone.size || added.length) take([...ids.filter((id) => !gone.has(id)), ...added]);
    };
    const reset = ({ target }: Event) => {
      if (!(target instanceof HTMLFormElement) || root.current?.closest('form') !== target) return;
      const { uploads } = uploader.getSnapshot();
      before = nothing;
      for (const { id, owner } of uploads) if (owner === 'this') uploader.remove(id);
      uploader.dismissRejections();
      take(first.current);
    };
    compare();
    const stop = uploader.subscribe(compare);
    document.addEventListener('reset', reset);
    return () => {
      stop();
      document.removeEventListener('reset', reset);
    };
  }, [uploader, latest, root]);

  useRowsFollowValue(uploader, value);
  return ids;
}

/** Removes the rows of ids that the host takes out. */
function useRowsFollowValue(uploader: Uploader, value: readonly string[] | undefined): void {
  const last = useRef(value);
  useEffect(() => {
    const kept = new Set(value);
    const left = new Set((last.current ?? none).filter((id) => !kept.has(id)));
    last.current = value;
    if (!value || !left.size) return;
    for (const { id, mediaId, owner } of uploader.getSnapshot().uploads)
      if (owner === 'this' && mediaId !== undefined && left.has(mediaId)) uploader.remove(id);
  }, [uploader, value]);
}
