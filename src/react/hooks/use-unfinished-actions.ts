import { useState } from 'react';
import type { AddItem, UnfinishedUpload } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { fileOf, isRejected } from '../files/items.js';
import { pickItems } from '../files/pick-files.js';

/** What can be done with an upload of an earlier visit. */
export interface UnfinishedActions {
  /** Continues; asks for the file where the browser cannot open it again. Call it in a click. */
  readonly proceed: () => Promise<void>;
  /** Asks for the file. */
  readonly chooseFile: () => Promise<void>;
  /** Continues with that file, if its content is the same. */
  readonly give: (file: AddItem) => Promise<void>;
  /** True while the latest file that was given is another, and nothing has been done about it. */
  readonly isWrong: boolean;
  /** The file that was given and turned out to be another, as an upload of its own; undefined when there is none. */
  readonly uploadAsNew: (() => void) | undefined;
  readonly discard: () => void;
}

export function useUnfinishedActions({ id, wrongFileName }: UnfinishedUpload): UnfinishedActions {
  const { uploader, accept, addFiles } = useWidget();
  const [wrong, setWrong] = useState<AddItem>();
  const [isSettled, setIsSettled] = useState(false);
  const give = async (item: AddItem) => {
    // Shows that it cannot be read.
    if (isRejected(item)) return void (await addFiles([item]));
    setIsSettled(false);
    setWrong((await uploader.continueUnfinished(id, item)) === 'wrong-file' ? item : undefined);
  };
  const chooseFile = async () => {
    const [item] = await pickItems({ accept: inputAccept(accept) });
    if (item) await give(item);
  };
  const isWrong = wrongFileName !== undefined && !isSettled;
  return {
    give,
    chooseFile,
    isWrong,
    proceed: async () => {
      if ((await uploader.continueUnfinished(id)) === 'needs-file') await chooseFile();
    },
    uploadAsNew:
      isWrong && wrong && wrongFileName === fileOf(wrong).name
        ? () => {
            setIsSettled(true);
            void addFiles([wrong]);
          }
        : undefined,
    discard: () => {
      uploader.discardUnfinished(id);
    },
  };
}
