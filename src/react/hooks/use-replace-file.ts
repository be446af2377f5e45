import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { pickFiles } from '../files/pick-files.js';

/** Asks for a file, uploads it, and takes the upload it replaces away. */
export function useReplaceFile(id: string): () => void {
  const { uploader, addFiles, accept } = useWidget();
  return () => {
    void pickFiles({ accept: inputAccept(accept) }).then(async (files) => {
      if (!files.length) return;
      const { added } = await addFiles(files);
      if (added.length) uploader.remove(id);
    });
  };
}
