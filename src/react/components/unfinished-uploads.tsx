import { useState, type KeyboardEvent, type ReactNode } from 'react';
import type { AddItem, UnfinishedUpload } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { fileOf, isRejected } from '../files/items.js';
import { pickItems } from '../files/pick-files.js';
import { hasFiles } from '../files/read-drag.js';
import { readDrop } from '../files/read-drop.js';
import { wholePercent } from '../format/index.js';
import { isWorthAsking } from '../hooks/is-worth-asking.js';
import { useSelected } from '../hooks/use-uploads.js';
import { Button } from './button.js';
import { FileName } from './file-name.js';
import { Icon } from './icon.js';
import { Poster } from './poster.js';
import { ProgressLine } from './progress-line.js';

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

/** Props of {@link UnfinishedUploads}. */
export interface UnfinishedUploadsProps {
  className?: string;
  /** A card of one's own. */
  children?: (upload: UnfinishedUpload, actions: UnfinishedActions) => ReactNode;
}

/** Uploads of earlier visits. Where the browser can open the file again, one click continues; else the file is asked for. */
export function UnfinishedUploads({ className = '', children }: UnfinishedUploadsProps): ReactNode {
  const { uploader, messages } = useWidget();
  const unfinished = useSelected(uploader, (snapshot) => snapshot.unfinished);
  if (!unfinished.length) return null;
  // One card for several, with a button for all of them.
  const isGroup = unfinished.length > 1 && !children;
  const list = (
    <ul
      className={isGroup ? 'vd-rows' : `vd-cards ${className}`.trim()}
      role="list"
      aria-label={messages.unfinishedLabel}
    >
      {unfinished.map((upload) => (
        <UnfinishedItem key={upload.id} upload={upload} render={children} isInGroup={isGroup} />
      ))}
    </ul>
  );
  if (!isGroup) return list;
  return (
    <div className={`vd-panel ${className}`.trim()} data-vodrop="unfinished-group">
      <GroupHead unfinished={unfinished} />
      {list}
    </div>
  );
}

/** What all of them have stored, and the click that continues each whose file the browser can open. */
function GroupHead({ unfinished }: { unfinished: readonly UnfinishedUpload[] }): ReactNode {
  const { uploader, messages, format } = useWidget();
  const able = unfinished.filter(({ canContinue }) => canContinue);
  const sum = (read: (upload: UnfinishedUpload) => number) =>
    unfinished.reduce((bytes, upload) => bytes + read(upload), 0);
  const bytes = format.bytesOf(
    sum(({ storedBytes }) => storedBytes),
    sum(({ sizeBytes }) => sizeBytes),
  );
  return (
    <div className="vd-group-head">
      <div className="vd:min-w-0">
        <div className="vd-total-title" role="heading" aria-level={2}>
          {messages.unfinishedLabel}
        </div>
        <div className="vd-status-line">
          <span className="vd-give">
            <bdi>{messages.bytesStored(messages.bytesOf(bytes))}</bdi>
          </span>
        </div>
      </div>
      {able.length > 1 && (
        <Button
          label={messages.continueAll}
          look="fill"
          className="vd-primary"
          onClick={() => {
            // In the click itself: the browser may ask whether the files may be read.
            for (const { id } of able) void uploader.continueUnfinished(id);
          }}
        />
      )}
    </div>
  );
}

function UnfinishedItem({
  upload,
  render,
  isInGroup,
}: {
  upload: UnfinishedUpload;
  render: UnfinishedUploadsProps['children'];
  isInGroup: boolean;
}): ReactNode {
  const actions = useUnfinishedActions(upload);
  if (render)
    return (
      <li data-vodrop="unfinished" data-upload-id={upload.id} data-file-name={upload.fileName}>
        {render(upload, actions)}
      </li>
    );
  return <UnfinishedCard upload={upload} actions={actions} isInGroup={isInGroup} />;
}

function useUnfinishedActions({ id, wrongFileName }: UnfinishedUpload): UnfinishedActions {
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

function UnfinishedCard({
  upload,
  actions,
  isInGroup,
}: {
  upload: UnfinishedUpload;
  actions: UnfinishedActions;
  isInGroup: boolean;
}): ReactNode {
  const { messages, format } = useWidget();
  const { id, fileName, sizeBytes, storedBytes } = upload;
  const [isAsking, setIsAsking] = useState(false);
  const percent = wholePercent(storedBytes, sizeBytes);
  const title = messages.unfinished({ name: fileName, percent }, format);
  const state = isAsking ? 'asking' : stateOf(upload, actions);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setIsAsking(false);
  };

  return (
    <li
      className={isInGroup ? 'vd-row' : 'vd-panel vd-row'}
      data-vodrop="unfinished"
      data-state={state}
      data-upload-id={id}
      data-file-name={fileName}
      data-asking={isAsking || undefined}
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
      <Poster name={fileName} />
      <div className="vd-text">
        {isAsking ? (
          <div className="vd-say" id={`${id}-title`}>
            {messages.discardQuestion}
          </div>
        ) : (
          <UnfinishedName id={id} name={fileName} title={title} />
        )}
        {state === 'wrong-file' ? (
          <WrongFile upload={upload} actions={actions} />
        ) : (
          <UnfinishedStatus upload={upload} isAsking={isAsking} />
        )}
      </div>
      <div className="vd-end vd-end-words">
        {!isAsking && (
          <span className="vd-percent vd-wide" aria-hidden="true">
            {format.percent(percent)}
          </span>
        )}
        <CardButtons upload={upload} actions={actions} state={state} setIsAsking={setIsAsking} />
      </div>
      <ProgressLine
        tone="paused"
        ratioOf={() => ({ stored: storedBytes / sizeBytes, sent: 0 })}
        label={fileName}
        percent={percent}
        valueText={messages.progressText({ percent, timeLeft: undefined }, format)}
      />
    </li>
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

type CardState = 'asking' | 'wrong-file' | 'can-continue' | 'needs-file';

function stateOf({ canContinue }: UnfinishedUpload, { isWrong }: UnfinishedActions): CardState {
  if (isWrong) return 'wrong-file';
  return canContinue ? 'can-continue' : 'needs-file';
}

function CardButtons({
  upload: { id, storedBytes, canContinue },
  actions,
  state,
  setIsAsking,
}: {
  upload: UnfinishedUpload;
  actions: UnfinishedActions;
  state: CardState;
  setIsAsking: (isAsking: boolean) => void;
}): ReactNode {
  const { messages } = useWidget();
  const common = { 'aria-describedby': `${id}-title` };
  const discard = () => {
    if (isWorthAsking(storedBytes)) setIsAsking(true);
    else actions.discard();
  };
  if (state === 'asking')
    return (
      <>
        <Button
          label={messages.keep}
          look="line"
          autoFocus
          onClick={() => {
            setIsAsking(false);
          }}
        />
        <Button label={messages.discard} look="danger" onClick={actions.discard} />
      </>
    );
  if (state === 'wrong-file')
    return <Button label={messages.discard} icon="x" isIconOnly {...common} onClick={discard} />;
  return (
    <>
      <Button label={messages.discard} {...common} onClick={discard} />
      <Button
        label={canContinue ? messages.continueUpload : messages.chooseFile}
        look="line"
        {...common}
        onClick={() => {
          void (canContinue ? actions.proceed() : actions.chooseFile());
        }}
      />
    </>
  );
}

function UnfinishedStatus({
  upload: { fileName, storedBytes, sizeBytes, updatedAt, canContinue },
  isAsking,
}: {
  upload: UnfinishedUpload;
  isAsking: boolean;
}): ReactNode {
  const { messages, format } = useWidget();
  const [now] = useState(() => Date.now());
  const stopped = messages.stoppedWhen(format.moment(updatedAt, now));
  const isOtherUploading = useIsOtherUploading(fileName);
  if (isOtherUploading && !isAsking)
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
      {isAsking ? (
        <span>
          <bdi>{messages.storedWillBeDeleted(format.bytes(storedBytes))}</bdi>
        </span>
      ) : (
        <>
          <span title={stopped}>
            <bdi>{messages.bytesStored(messages.bytesOf(format.bytesOf(storedBytes, sizeBytes)))}</bdi>
          </span>
          <span className={canContinue ? 'vd-give vd-wide' : 'vd-give'}>
            <bdi>{canContinue ? stopped : messages.needsFile}</bdi>
          </span>
        </>
      )}
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
