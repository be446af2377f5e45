import { useState, type ReactNode } from 'react';
import type { UnfinishedUpload } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { useSelected } from '../hooks/use-uploads.js';
import { useTidyPosters } from '../hooks/use-kept-poster.js';
import { useUnfinishedActions, type UnfinishedActions } from '../hooks/use-unfinished-actions.js';
import { FocusWish } from '../hooks/focus-wish.js';
import { usePendingEnds } from '../hooks/use-pending-ends.js';
import { useUndo } from '../hooks/use-undo.js';
import { Button } from './button.js';
import { HostPart } from './host-part.js';
import { loadUndo } from '../stores/undo-code.js';
import { UndoButton, UndoLine, UndoSeconds } from './lazy-undo.js';
import { UnfinishedCard } from './unfinished-card.js';

/** Props of {@link UnfinishedUploads}. */
export interface UnfinishedUploadsProps {
  className?: string;
  /** A card of one's own. */
  children?: (upload: UnfinishedUpload, actions: UnfinishedActions) => ReactNode;
}

/** How many are shown before a person asks for the others. */
const shownAtFirst = 6;

/** See {@link UnfinishedUploads}, which loads it. */
export function UnfinishedCards({ className = '', children }: UnfinishedUploadsProps): ReactNode {
  const { uploader, messages, format } = useWidget();
  const unfinished = useSelected(uploader, (snapshot) => snapshot.unfinished);
  const [isWhole, setIsWhole] = useState(false);
  const pending = usePendingEnds();
  useTidyPosters(unfinished.length);
  const [focusWish] = useState(() => new FocusWish());
  if (!unfinished.length) return null;
  const label = messages.unfinishedCount(unfinished.length, format);
  if (children)
    return (
      <ul
        className={`vd-cards ${className}`.trim()}
        role="list"
        aria-label={label}
        onPointerEnter={loadUndo}
        onFocus={loadUndo}
      >
        {unfinished.map((upload) => (
          <HostPart
            key={upload.id}
            render={() => <OwnItem upload={upload} render={children} />}
            otherwise={<Item upload={upload} />}
          />
        ))}
      </ul>
    );
  const recentFirst = [...unfinished].sort((a, b) => b.updatedAt - a.updatedAt);
  const shown = isWhole ? recentFirst : recentFirst.slice(0, shownAtFirst);
  const rest = recentFirst.length - shown.length;
  const isEnding = unfinished.length > 1 && unfinished.every(({ id }) => pending.has(id));
  return (
    <div
      className={`vd-panel ${className}`.trim()}
      data-vodrop="unfinished-group"
      onPointerEnter={loadUndo}
      onFocus={loadUndo}
    >
      {isEnding ? (
        <EndingHead unfinished={recentFirst} focusWish={focusWish} />
      ) : (
        <Head unfinished={recentFirst} focusWish={focusWish} />
      )}
      {!isEnding && (
        <ul className="vd-rows" role="list" aria-label={label}>
          {shown.map((upload) => (
            <Item key={upload.id} upload={upload} />
          ))}
        </ul>
      )}
      {rest > 0 && !isEnding && (
        <div className="vd-more">
          <Button
            label={messages.rejectedMore({ count: rest }, format)}
            icon="down"
            onClick={() => {
              setIsWhole(true);
            }}
          />
        </div>
      )}
    </div>
  );
}

interface HeadProps {
  unfinished: readonly UnfinishedUpload[];
  focusWish: FocusWish;
}

/** What all of them have stored, and the clicks that continue or discard them. One upload has them in its row. */
function Head({ unfinished, focusWish }: HeadProps): ReactNode {
  const { uploader, messages, hasUndo } = useWidget();
  const { end } = useUndo();
  const pending = usePendingEnds();
  // What is about to be discarded is not continued.
  const able = unfinished.filter(({ id, canContinue }) => canContinue && !pending.has(id));
  const ids = unfinished.map(({ id }) => id);
  return (
    <HeadText unfinished={unfinished} status={<StoredBytes unfinished={unfinished} />}>
      {unfinished.length > 1 && hasUndo && (
        <Button
          label={messages.discard}
          onClick={() => {
            focusWish.set(undefined);
            end('discard', ids);
          }}
        />
      )}
      {able.length > 0 && (
        <Button
          label={able.length > 1 ? messages.continueAll : messages.continueUpload}
          look="fill"
          className="vd-primary"
          onClick={() => {
            // In the click itself: the browser may ask whether the files may be read.
            for (const { id } of able) void uploader.continueUnfinished(id);
          }}
        />
      )}
    </HeadText>
  );
}

/** In place of the card while all of it can be taken back. */
function EndingHead({ unfinished, focusWish }: HeadProps): ReactNode {
  const { messages, format } = useWidget();
  const ids = unfinished.map(({ id }) => id);
  const [first = ''] = ids;
  const bytes = format.bytes(sumOf(unfinished, ({ storedBytes }) => storedBytes));
  return (
    <HeadText
      unfinished={unfinished}
      status={<UndoSeconds id={first} say={(time) => messages.deletedIn({ bytes, time })} />}
    >
      <UndoButton ids={ids} focusWish={focusWish} />
      <UndoLine id={first} />
    </HeadText>
  );
}

function HeadText({
  unfinished,
  status,
  children,
}: {
  unfinished: readonly UnfinishedUpload[];
  status: ReactNode;
  children: ReactNode;
}): ReactNode {
  const { messages, format } = useWidget();
  return (
    <div className="vd-group-head">
      <div className="vd:min-w-0">
        <div className="vd-total-title" role="heading" aria-level={2}>
          {messages.unfinishedCount(unfinished.length, format)}
        </div>
        <div className="vd-status-line">{status}</div>
      </div>
      <div className="vd-actions">{children}</div>
    </div>
  );
}

function StoredBytes({ unfinished }: { unfinished: readonly UnfinishedUpload[] }): ReactNode {
  const { messages, format } = useWidget();
  const [now] = useState(() => Date.now());
  const bytes = format.bytesOf(
    sumOf(unfinished, ({ storedBytes }) => storedBytes),
    sumOf(unfinished, ({ sizeBytes }) => sizeBytes),
  );
  return (
    <>
      <span>
        <bdi>{messages.bytesStored(messages.bytesOf(bytes))}</bdi>
      </span>
      <span className="vd-give">
        <bdi>{messages.stoppedWhen(format.moment(unfinished[0]?.updatedAt ?? now, now))}</bdi>
      </span>
    </>
  );
}

const sumOf = (unfinished: readonly UnfinishedUpload[], read: (upload: UnfinishedUpload) => number): number =>
  unfinished.reduce((sum, upload) => sum + read(upload), 0);

function Item({ upload }: { upload: UnfinishedUpload }): ReactNode {
  return <UnfinishedCard upload={upload} actions={useUnfinishedActions(upload)} />;
}

function OwnItem({
  upload,
  render,
}: {
  upload: UnfinishedUpload;
  render: NonNullable<UnfinishedUploadsProps['children']>;
}): ReactNode {
  const actions = useUnfinishedActions(upload);
  return (
    <li data-vodrop="unfinished" data-upload-id={upload.id} data-file-name={upload.fileName}>
      {render(upload, actions)}
    </li>
  );
}
