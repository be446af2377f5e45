import type { UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';

/** The places of one list, in most of the next ones the same. */
let latest: { readonly of?: UploaderSnapshot['uploads']; readonly places: ReadonlyMap<string, number> } = {
  places: new Map(),
};

/** Finds one upload of a snapshot. Ten thousand rows ask this at once, so the places of uploads are looked up. */
export function findUpload({ uploads }: UploaderSnapshot, id: string): UploadSnapshot | undefined {
  const find = () => uploads[latest.places.get(id) ?? -1];
  const found = find();
  if (found?.id === id) return found;
  if (latest.of === uploads) return undefined;
  latest = { of: uploads, places: new Map(uploads.map((upload, place) => [upload.id, place])) };
  return find();
}

/**
 * Answers, asked for each upload of the next snapshot in their order, what it was before. Most keep their place, and where
 * all have kept theirs, what follows is new: looking all of them up would cost long lists dearly.
 */
export function beforeIn(previous: UploaderSnapshot) {
  const { uploads } = previous;
  let haveKept = true;
  return (upload: UploadSnapshot, index: number): UploadSnapshot | undefined => {
    const same = uploads[index];
    if (same?.id === upload.id) return same;
    haveKept &&= same === undefined;
    return haveKept ? undefined : findUpload(previous, upload.id);
  };
}
