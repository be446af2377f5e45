import { useEffect, useState } from 'react';
import { posterFrame, type Frame } from '../files/poster-frame.js';

/** A frame of the file, once there is one: as large as a row shows it, or a tile. */
export function usePoster(file: File | undefined, isLarge = false): Frame | undefined {
  const [grabbed, setGrabbed] = useState<{ file: File; frame: Frame | undefined }>();
  useEffect(() => {
    if (!file) return;
    let isCurrent = true;
    void posterFrame(file, isLarge).then((frame) => {
      if (isCurrent) setGrabbed({ file, frame });
    });
    return () => {
      isCurrent = false;
    };
  }, [file, isLarge]);
  return grabbed && grabbed.file === file ? grabbed.frame : undefined;
}
