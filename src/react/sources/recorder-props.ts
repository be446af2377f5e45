import type { Recorder, RecorderState } from './recorder.js';
import type { SourceWords } from '../messages/en-on-demand.js';

/** What the parts of the recorder's dialog share. */
export interface RecorderBodyProps {
  recorder: Recorder;
  state: RecorderState;
  words: SourceWords;
  onUse: (name: string) => Promise<void>;
  onClose: () => void;
  /** The other of camera and screen, where there is one. */
  onSwitch: (() => void) | undefined;
}
