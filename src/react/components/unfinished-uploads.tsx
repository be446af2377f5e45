import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { UnfinishedUpload } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { pickFiles } from '../files/pick-files.js';
import { wholePercent } from '../format/index.js';
import { isWorthAsking } from '../hooks/use-asking.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Button } from './button.js';
import { Poster } from './poster.js';
import { ProgressLine } from './progress-line.js';

/** Uploads of earlier visits: choose the same file, here or by dropping it, and they go on. */
export function UnfinishedUploads({ className = '' }: { className?: string }): ReactNode {
  const { uploader, messages } = useWidget();
  const unfinished = useSelected(uploader, (snapshot) => snapshot.unfinished);
  if (!unfinished.length) return null;
  return (
    <ul className={`vd-cards ${className}`.trim()} role="list" aria-label={messages.unfinishedLabel}>
      {unfinished.map((upload) => <UnfinishedCard key={upload.id} upload={upload} />)}
    </ul>
  );
}

function UnfinishedCard({ upload }: { upload: UnfinishedUpload }): ReactNode {
  const { uploader, messages, format, accept, addFiles } = useWidget();
  const { id, fileName, sizeBytes, storedBytes, updatedAt } = upload;
  const [isAsking, setIsAsking] = useState(false);
  const [now] = useState(() => Date.now());
  const percent = wholePercent(storedBytes, sizeBytes);
  const title = messages.unfinished({ name: fileName, percent }, format);

  const discard = () => { uploader.discardUnfinished(id); };
  const onKeyDown = (event: KeyboardEvent) => { if (event.key === 'Escape') setIsAsking(false); };

  return (
    <li className="vd-panel vd-row" data-vodrop="unfinished" data-upload-id={id} data-file-name={fileName} data-asking={isAsking || undefined} onKeyDown={onKeyDown}>
      <Poster name={fileName} />
      <div className="vd-text">
        <div className="vd-say" title={title} id={`${id}-title`}>{isAsking ? messages.discardQuestion : title}</div>
        <div className="vd-facts">
          {isAsking
            ? <span><bdi>{messages.storedWillBeDeleted(format.bytes(storedBytes))}</bdi></span>
            : (
              <>
                <span title={messages.stoppedWhen(format.moment(updatedAt, now))}><bdi>{messages.bytesStored(messages.bytesOf(format.bytesOf(storedBytes, sizeBytes)))}</bdi></span>
                <span className="vd-give"><bdi>{messages.needsFile}</bdi></span>
              </>
            )}
        </div>
      </div>
      <div className="vd-end vd-end-words">
        {isAsking
          ? (
            <>
              <Button label={messages.keep} look="line" autoFocus onClick={() => { setIsAsking(false); }} />
              <Button label={messages.discard} look="danger" onClick={discard} />
            </>
          )
          : (
            <>
              <Button label={messages.discard} aria-describedby={`${id}-title`} onClick={() => { if (isWorthAsking(storedBytes)) setIsAsking(true); else discard(); }} />
              <Button
                label={messages.chooseFile}
                look="line"
                aria-describedby={`${id}-title`}
                onClick={() => { void pickFiles({ accept: inputAccept(accept) }).then((files) => (files.length ? addFiles(files) : undefined)); }}
              />
            </>
          )}
      </div>
      <ProgressLine tone="held" ratioOf={() => storedBytes / sizeBytes} label={fileName} percent={percent} valueText={messages.progressText({ percent, timeLeft: undefined }, format)} />
    </li>
  );
}
