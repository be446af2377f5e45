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

/** Asks for the file of an upload that cannot read it any more, and goes on from it. */
export function useGiveFile(id: string): () => void {
  const { uploader, accept, announcer, messages } = useWidget();
  return () => {
    void pickFiles({ accept: inputAccept(accept) }).then(async ([item]) => {
      if (!item) return;
      const outcome = await uploader.replaceFile(id, item);
      if (outcome === 'wrong-file') announcer.say(messages.wrongFileNote, 'assertive');
    });
  };
}
