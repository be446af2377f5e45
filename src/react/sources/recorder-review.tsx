import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { useWidget } from '../context.js';
import { clockTime } from '../format/index.js';
import type { RecorderBodyProps } from './recorder-props.js';
import { recordingName } from './recording-name.js';

/** Characters that a system or a cloud does not take in a file's name. */
const forbidden = /[\p{Cc}\\/:*?"<>|]/gu;
const longestName = 120;

/** What was recorded: to be played, named, used, or done again. */
export function RecorderReview({ recorder, state, words, onUse }: RecorderBodyProps): ReactNode {
  const { messages, format } = useWidget();
  const { result } = state;
  const [given, setGiven] = useState(() => recordingName(words.recordingName, new Date()));
  const [isBusy, setIsBusy] = useState(false);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => (result ? showIn(video.current, result.file) : undefined), [result]);
  const name = given.replace(forbidden, ' ').replace(/\s+/g, ' ').trim();
  const use = () => {
    if (isBusy || !name) return;
    setIsBusy(true);
    void onUse(name).finally(() => {
      setIsBusy(false);
    });
  };
  if (!result) return null;
  return (
    <>
      <div className="vd-recording-frame">
        <video ref={video} className="vd-recording-video" controls playsInline />
      </div>
      <div className="vd-field">
        <div className="vd-label">
          <span>{words.name}</span>
          <span className="vd-label-note">
            <bdi>{`${clockTime(result.durationSeconds)} · ${format.bytes(result.file.size)}`}</bdi>
          </span>
        </div>
        <input
          className="vd-input"
          aria-label={words.name}
          value={given}
          maxLength={longestName}
          dir="auto"
          onChange={(event) => {
            setGiven(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
            event.preventDefault();
            use();
          }}
        />
      </div>
      <div className="vd-recording-actions">
        <Button
          label={messages.discard}
          onClick={(event) => {
            const dialog = event.currentTarget.closest('dialog');
            void recorder.discard().then(() => dialog?.close());
          }}
        />
        <Button
          label={words.again}
          icon="retry"
          onClick={() => {
            void recorder.again();
          }}
        />
        <Button label={words.use} look="fill" autoFocus disabled={isBusy || !name} onClick={use} />
      </div>
    </>
  );
}

/** Shows a file in the element until it is unmounted. */
function showIn(element: HTMLVideoElement | null, file: Blob): (() => void) | undefined {
  if (!element) return undefined;
  const url = URL.createObjectURL(file);
  element.src = url;
  return () => {
    element.removeAttribute('src');
    URL.revokeObjectURL(url);
  };
}
