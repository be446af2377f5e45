import { useEffect, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { FileName } from '../components/file-name.js';
import { clockTime } from '../format/index.js';
import { useWidget } from '../context.js';
import { posterFrame } from '../files/poster-frame.js';
import { fill } from '../messages/fill.js';
import { openRecordings, type StoredRecording } from './recording-files.js';
import { SourceIcon } from './source-icons.js';
import type { SourceWords } from '../messages/en-on-demand.js';

interface RecordingCardProps {
  recording: StoredRecording;
  words: SourceWords;
  onReview: () => void;
  onDiscard: () => void;
}

/** A recording that was not uploaded: after a crash, or because the dialog was closed. */
export function RecordingCard({ recording, words, onReview, onDiscard }: RecordingCardProps): ReactNode {
  const { messages, format } = useWidget();
  const [isAsking, setIsAsking] = useState(false);
  const [now] = useState(() => Date.now());
  const { info, sizeBytes, isWhole } = recording;
  const title = fill(words.recordedWhen, { moment: format.moment(info.startedAt, now) });
  const common = { 'aria-describedby': `${info.id}-title` };
  return (
    <li
      className="vd-panel vd-row vd-recording"
      data-vodrop="recording"
      data-recording-id={info.id}
      data-asking={isAsking || undefined}
      onKeyDown={(event: KeyboardEvent) => {
        if (event.key === 'Escape') setIsAsking(false);
      }}
    >
      <CardPoster recording={recording} />
      <div className="vd-text">
        {isAsking ? (
          <div className="vd-say" id={`${info.id}-title`}>
            {words.discardQuestion}
          </div>
        ) : (
          <FileName name={title} hasExtension={false} id={`${info.id}-title`} />
        )}
        <div className="vd-status-line">
          {!isWhole && (
            <span className="vd-status">
              <SourceIcon name="camera" size="small" />
              <bdi className="vd-status-text">{words.recovered}</bdi>
            </span>
          )}
          <span className="vd-give">
            <bdi>{format.bytes(sizeBytes)}</bdi>
          </span>
        </div>
        {!isWhole && (
          <div className="vd-why">
            <bdi>{words.mayMiss}</bdi>
          </div>
        )}
      </div>
      <div className="vd-end vd-end-words">
        {isAsking ? (
          <>
            <Button
              label={messages.keep}
              look="line"
              autoFocus
              onClick={() => {
                setIsAsking(false);
              }}
            />
            <Button label={messages.discard} look="danger" onClick={onDiscard} />
          </>
        ) : (
          <>
            <Button
              label={messages.discard}
              {...common}
              onClick={() => {
                setIsAsking(true);
              }}
            />
            <Button label={words.review} look="fill" {...common} onClick={onReview} />
          </>
        )}
      </div>
    </li>
  );
}

/** The first frame, and the length on it. */
function CardPoster({ recording }: { recording: StoredRecording }): ReactNode {
  const { scope } = useWidget();
  const [url, setUrl] = useState<string>();
  const { info, durationSeconds } = recording;
  useEffect(() => {
    let isCurrent = true;
    const read = async () => {
      const folder = await (await openRecordings(scope))?.peek(info.id);
      const content = await folder?.read();
      const frame = content && (await posterFrame(new File([content], info.id, { type: content.type })));
      if (isCurrent) setUrl(frame?.url);
    };
    read().catch(() => undefined);
    return () => {
      isCurrent = false;
    };
  }, [scope, info.id]);
  return (
    <div className="vd-poster" aria-hidden="true">
      {url === undefined ? <SourceIcon name="camera" /> : <img src={url} alt="" draggable={false} />}
      <span className="vd-poster-time">{clockTime(durationSeconds)}</span>
    </div>
  );
}
