import { useEffect, useState } from 'react';
import { posterFrame, type Frame } from '../files/poster-frame.js';

/** A frame of the file, once there is one. */
export function usePoster(file: File | undefined): Frame | undefined {
  const [grabbed, setGrabbed] = useState<{ file: File; frame: Frame | undefined }>();
  useEffect(() => {
    if (!file) return;
    let isCurrent = true;
    void posterFrame(file).then((frame) => {
      if (isCurrent) setGrabbed({ file, frame });
    });
    return () => {
      isCurrent = false;
    };
  }, [file]);
  return grabbed && grabbed.file === file ? grabbed.frame : undefined;
}
