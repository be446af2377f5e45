import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { UnfinishedUpload } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { hasFiles } from '../files/read-drag.js';
import { readDrop } from '../files/read-drop.js';
import { wholePercent } from '../format/index.js';
import { isWorthAsking } from '../hooks/is-worth-asking.js';
import type { UnfinishedActions } from '../hooks/use-unfinished-actions.js';
import { useKeptPoster } from '../hooks/use-kept-poster.js';
import { FocusWish } from '../hooks/focus-wish.js';
import { usePendingKind } from '../hooks/use-pending-ends.js';
import { slotOfFocus, useUndo } from '../hooks/use-undo.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Button } from './button.js';
import { FileName } from './file-name.js';
import { Icon } from './icon.js';
import { Poster } from './poster.js';
import { ProgressLine } from './progress-line.js';
import { UndoButton, UndoLine, UndoSeconds } from './lazy-undo.js';

/** The row of one upload of an earlier visit. */
export function UnfinishedCard({
  upload,
  actions,
}: {
  upload: UnfinishedUpload;
  actions: UnfinishedActions;
}): ReactNode {
  const { format, hasUndo } = useWidget();
  const { id, fileName, sizeBytes, storedBytes } = upload;
  const [isAsking, setIsAsking] = useState(false);
  const [focusWish] = useState(() => new FocusWish());
  const { end } = useUndo();
  const ending = usePendingKind(id);
  const poster = useKeptPoster(id);
  const percent = wholePercent(storedBytes, sizeBytes);
  const state = ending ? 'ending' : isAsking ? 'asking' : stateOf(upload, actions);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setIsAsking(false);
  };
  const discard = () => {
    if (isWorthAsking(storedBytes, { hasUndo })) {
      setIsAsking(true);
      return;
    }
    if (hasUndo) focusWish.set(slotOfFocus());
    end('discard', [id]);
  };

  return (
    <li
      className="vd-row"
      data-vodrop="unfinished"
      data-state={state === 'ending' ? stateOf(upload, actions) : state}
      data-upload-id={id}
      data-file-name={fileName}
      data-asking={state === 'asking' || undefined}
      data-ending={ending}
      onKeyDown={onKeyDown}
      onDragOver={(event) => {
        if (hasFiles(event.dataTransfer)) event.preventDefault();
      }}
      onDrop={(event) => {
        if (!hasFiles(event.dataTransfer)) return;
        event.preventDefault();
        void readDrop(event.dataTransfer).then(([item]) => (item ? actions.give(item) : undefined));
      }}
    >
      <Poster name={fileName} coverUrl={poster} />
      <CardText upload={upload} actions={actions} state={state} percent={percent} />
      <div className={`vd-end ${state === 'can-continue' ? '' : 'vd-end-words'}`.trim()}>
        {(state === 'can-continue' || state === 'needs-file') && (
          <span className="vd-percent vd-wide" aria-hidden="true">
            {format.percent(percent)}
          </span>
        )}
        {state === 'ending' ? (
          <UndoButton ids={[id]} describedBy={`${id}-title`} focusWish={focusWish} />
        ) : (
          <CardButtons
            id={id}
            actions={actions}
            state={state}
            discard={discard}
            keep={() => {
              setIsAsking(false);
            }}
          />
        )}
      </div>
      {state === 'ending' ? <UndoLine id={id} /> : <CardLine upload={upload} percent={percent} />}
    </li>
  );
}

function CardLine({ upload, percent }: { upload: UnfinishedUpload; percent: number }): ReactNode {
  const { messages, format } = useWidget();
  const { fileName, sizeBytes, storedBytes } = upload;
  return (
    <ProgressLine
      tone="paused"
      ratioOf={() => ({ stored: storedBytes / sizeBytes, sent: 0 })}
      label={fileName}
      percent={percent}
      valueText={messages.progressText({ percent, timeLeft: undefined }, format)}
    />
  );
}

/** To be seen: the name, cut in its middle. To be read out: what the buttons do with it. */
function UnfinishedName({ id, name, title }: { id: string; name: string; title: string }): ReactNode {
  return (
    <>
      <span className="vd-hidden" id={`${id}-title`}>
        {title}
      </span>
      <div aria-hidden="true">
        <FileName name={name} />
      </div>
    </>
  );
}

type CardState = 'ending' | 'asking' | 'wrong-file' | 'can-continue' | 'needs-file';

function stateOf(
  { canContinue }: UnfinishedUpload,
  { isWrong }: UnfinishedActions,
): Extract<CardState, 'wrong-file' | 'can-continue' | 'needs-file'> {
  if (isWrong) return 'wrong-file';
  return canContinue ? 'can-continue' : 'needs-file';
}

interface CardTextProps {
  upload: UnfinishedUpload;
  actions: UnfinishedActions;
  state: CardState;
  percent: number;
}

function CardText(props: CardTextProps): ReactNode {
  const { messages, format } = useWidget();
  const { upload, state, percent } = props;
  const { id, fileName } = upload;
  const title = messages.unfinished({ name: fileName, percent }, format);
  return (
    <div className="vd-text">
      {state === 'asking' ? (
        <div className="vd-say" id={`${id}-title`}>
          {messages.discardQuestion}
        </div>
      ) : (
        <UnfinishedName id={id} name={fileName} title={title} />
      )}
      <CardStatus {...props} />
    </div>
  );
}

function CardStatus({ upload, actions, state, percent }: CardTextProps): ReactNode {
  const { messages, format } = useWidget();
  const bytes = format.bytes(upload.storedBytes);
  if (state === 'wrong-file') return <WrongFile upload={upload} actions={actions} />;
  if (state === 'ending')
    return (
      <div className="vd-status-line">
        <UndoSeconds id={upload.id} say={(time) => messages.deletedIn({ bytes, time })} />
      </div>
    );
  if (state === 'asking')
    return (
      <div className="vd-status-line">
        <span className="vd-give">
          <bdi>{messages.sentWillBeDeleted(bytes)}</bdi>
        </span>
      </div>
    );
  return <UnfinishedStatus upload={upload} percent={percent} />;
}

interface CardButtonsProps {
  id: string;
  actions: UnfinishedActions;
  state: CardState;
  discard: () => void;
  keep: () => void;
}

function CardButtons({ id, actions, state, discard, keep }: CardButtonsProps): ReactNode {
  const { messages } = useWidget();
  const common = { 'aria-describedby': `${id}-title` };
  if (state === 'asking')
    return (
      <>
        <Button label={messages.keep} look="line" autoFocus onClick={keep} />
        <Button label={messages.discard} look="danger" onClick={actions.discard} />
      </>
    );
  return (
    <>
      {state === 'can-continue' && (
        <Button
          label={messages.continueUpload}
          icon="play"
          isIconOnly
          {...common}
          onClick={() => {
            void actions.proceed();
          }}
        />
      )}
      {state === 'needs-file' && (
        <Button
          label={messages.chooseFile}
          look="line"
          {...common}
          onClick={() => {
            void actions.chooseFile();
          }}
        />
      )}
      <Button
        label={messages.discard}
        icon="trash"
        isIconOnly
        data-slot="end"
        {...common}
        onClick={discard}
      />
    </>
  );
}

function UnfinishedStatus({
  upload: { fileName, storedBytes, sizeBytes, updatedAt, canContinue },
  percent,
}: {
  upload: UnfinishedUpload;
  percent: number;
}): ReactNode {
  const { messages, format } = useWidget();
  const [now] = useState(() => Date.now());
  const stopped = messages.stoppedWhen(format.moment(updatedAt, now));
  const stored = messages.bytesStored(messages.bytesOf(format.bytesOf(storedBytes, sizeBytes)));
  if (useIsOtherUploading(fileName))
    return (
      <div className="vd-status-line" role="alert">
        <span className="vd-status" data-tone="wait">
          <Icon name="alert" size="small" />
          <bdi className="vd-status-text">{messages.wrongFile({ name: undefined })}</bdi>
        </span>
      </div>
    );
  return (
    <div className="vd-status-line">
      {!canContinue && (
        <span className="vd-mouse">
          <bdi>{messages.needsFile}</bdi>
        </span>
      )}
      <span className="vd-narrow">
        <bdi>{format.percent(percent)}</bdi>
      </span>
      <span className="vd-give" title={stopped}>
        <bdi>{stored}</bdi>
      </span>
    </div>
  );
}

/** Once an upload of that name is under way beside the card, its content is another: else it would go on with the card's. */
function useIsOtherUploading(name: string): boolean {
  const { uploader } = useWidget();
  return useSelected(uploader, ({ uploads }) =>
    uploads.some(
      ({ fileName, status, owner, isResumed }) =>
        fileName === name && owner === 'this' && !isResumed && compared.has(status),
    ),
  );
}

const compared: ReadonlySet<string> = new Set(['uploading', 'confirming', 'processing', 'ready']);

function WrongFile({
  upload: { id, fileName, wrongFileName },
  actions,
}: {
  upload: UnfinishedUpload;
  actions: UnfinishedActions;
}): ReactNode {
  const { messages } = useWidget();
  return (
    <>
      <div className="vd-status-line" role="alert">
        <span className="vd-status" data-tone="bad">
          <Icon name="alert" size="small" />
          <bdi className="vd-status-text">
            {messages.wrongFile({ name: wrongFileName === fileName ? undefined : wrongFileName })}
          </bdi>
        </span>
      </div>
      <div className="vd-why">
        <bdi>{messages.wrongFileNote}</bdi>
      </div>
      <div className="vd-buttons">
        <Button
          label={messages.chooseAnotherFile}
          look="line"
          aria-describedby={`${id}-title`}
          onClick={() => {
            void actions.chooseFile();
          }}
        />
        {actions.uploadAsNew && (
          <Button
            label={messages.uploadAsNew}
            aria-describedby={`${id}-title`}
            onClick={actions.uploadAsNew}
          />
        )}
      </div>
    </>
  );
}
