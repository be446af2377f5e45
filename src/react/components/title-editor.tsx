import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { isTooLong, lengthIn, titleFromName, type TextLimit } from '../format/index.js';

export interface TitleEditorProps {
  upload: UploadSnapshot;
  /** What it has; undefined while it has none, and the file's name stands for it. */
  title: string | undefined;
  limit: TextLimit | undefined;
  /** Undefined: the old title stays. */
  onEnd: (title: string | undefined) => void;
}

/** The title in place of the name. Enter and leaving the box save, Escape keeps the old one. */
export function TitleEditor({ upload, title, limit, onEnd }: TitleEditorProps): ReactNode {
  const { messages, format } = useWidget();
  const [first] = useState(() => title ?? titleFromName(upload.fileName, limit));
  const [text, setText] = useState(first);
  const hasEnded = useRef(false);
  const tooLong = isTooLong(text, limit);
  const end = (result: string | undefined) => {
    if (hasEnded.current) return;
    hasEnded.current = true;
    const wanted = result?.trim();
    onEnd(wanted && wanted !== title ? wanted : undefined);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Keys of the row do not act inside the box; nor does an Enter that ends the choice of a Chinese word.
    event.stopPropagation();
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Escape') end(undefined);
    if (event.key !== 'Enter') return;
    // The widget may be a field of a form of the host's.
    event.preventDefault();
    if (!tooLong) end(text);
  };
  return (
    <>
      <input
        className="vd-title-input"
        type="text"
        form=""
        dir="auto"
        aria-label={`${messages.title}: ${upload.fileName}`}
        aria-invalid={tooLong || undefined}
        aria-describedby={`${upload.id}-title-hint`}
        value={text}
        // React focuses it as it appears; what is written over most is selected.
        autoFocus
        onFocus={(event) => {
          event.currentTarget.select();
        }}
        onChange={(event) => {
          setText(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          // An unchanged name is not a title that the person chose.
          end(tooLong || text === first ? undefined : text);
        }}
      />
      <div className="vd-status-line" id={`${upload.id}-title-hint`}>
        {tooLong && limit ? (
          <span className="vd-status" data-tone="bad">
            <bdi>{`${format.number(lengthIn(text, limit.unit))} / ${format.number(limit.maxLength)}`}</bdi>
          </span>
        ) : (
          <>
            <span>
              <bdi>{messages.titleSaves}</bdi>
            </span>
            <span className="vd-wide">
              <bdi>{messages.titleKeeps}</bdi>
            </span>
          </>
        )}
      </div>
    </>
  );
}
