import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Button } from '../components/button.js';
import { HostPart } from '../components/host-part.js';
import { useWidget } from '../context.js';
import { focusedBeside, isFocusLost } from '../hooks/focused-element.js';
import { useRoot } from '../hooks/use-root.js';
import { useSheet } from '../hooks/use-sheet.js';
import { useUndo } from '../hooks/use-undo.js';
import { count } from '../messages/fill.js';
import { groupNotes, type NoteGroup } from './group-notes.js';
import { NoteIcon } from './note-icon.js';
import { cut, noteText, noteTitle } from './note-text.js';
import { useNoteContext } from './use-note-context.js';
import css from './notes.css?inline';
import { useNoted } from './use-noted.js';
import { loadUndo } from '../stores/undo-code.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';
import type { NoteWords } from '../messages/en-on-demand.js';

/** Props of `Notes`. */
export interface NotesProps {
  className?: string | undefined;
  /** Contents of one's own: the uploads that have notes, and what takes the card away. */
  children?: ((uploads: readonly UploadSnapshot[], dismiss: () => void) => ReactNode) | undefined;
}

/** One card with what is worth knowing of the files before they are sent; the uploads go on meanwhile. */
export function NotesCard(props: NotesProps): ReactNode {
  const words = useOnDemandWords('notes');
  const { uploads, dismiss } = useNoted();
  useSheet('note-styles', css);
  useFocusKept();
  return words && uploads.length > 0 && <Card {...props} {...{ uploads, dismiss, words }} />;
}

interface CardProps extends NotesProps {
  uploads: readonly UploadSnapshot[];
  dismiss: () => void;
  words: NoteWords;
}

const shownNames = 3;

function Card({ className = '', children, uploads, dismiss, words }: CardProps): ReactNode {
  const { format } = useWidget();
  const groups = groupNotes(uploads);
  const isOpen = uploads.some(({ canCancel }) => canCancel);
  const goesOn = uploads.some(({ canCancel, isNotStarted }) => canCancel && !isNotStarted);
  const title = count(isOpen ? words.title : words.titleSent, groups.length, format);
  useSpoken(title, uploads.length);
  return (
    <div
      className={`vd-panel vd-notes ${className}`.trim()}
      data-vodrop="notes"
      role="group"
      aria-label={title}
      onPointerEnter={loadUndo}
      onFocus={loadUndo}
    >
      <HostPart
        render={children && (() => children(uploads, dismiss))}
        otherwise={
          <>
            <div className="vd-group-head">
              <div className="vd:min-w-0">
                <div className="vd-total-title" role="heading" aria-level={2}>
                  <bdi>{title}</bdi>
                </div>
                {goesOn && (
                  <div className="vd-note-text">
                    <bdi>{words.hint}</bdi>
                  </div>
                )}
              </div>
              <div className="vd-actions">
                <Button label={words.keep} look="line" onClick={dismiss} />
              </div>
            </div>
            <ul className="vd-note-list" role="list">
              {groups.map((group) => (
                <NoteLine key={group.key} group={group} words={words} />
              ))}
            </ul>
          </>
        }
      />
    </div>
  );
}

function NoteLine({ group, words }: { group: NoteGroup; words: NoteWords }): ReactNode {
  const { messages, format } = useWidget();
  const context = useNoteContext()(words);
  const [now] = useState(() => Date.now());
  const { note, uploads } = group;
  const [first] = uploads;
  const names = uploads.map(({ fileName }) => fileName);
  const rest = names.length - shownNames;
  const more = rest > 0 ? [messages.rejectedMore({ count: rest }, format)] : [];
  const text =
    names.length === 1 && first
      ? noteText(note, first.fileName, { ...context, now })
      : [...names.slice(0, shownNames).map(cut), ...more].join(', ');
  return (
    <li data-note-code={note.code}>
      <NoteIcon code={note.code} />
      <div className="vd:min-w-0">
        <div className="vd-note-title">
          <bdi>{noteTitle(note, context)}</bdi>
        </div>
        <div className="vd-note-text" title={names.join('\n')}>
          <bdi>{text}</bdi>
        </div>
      </div>
      <NoteAction group={group} words={words} />
    </li>
  );
}

/** Where a person may not want to send them; what the cloud has is not its to take back. */
function NoteAction({ group: { note, uploads }, words }: { group: NoteGroup; words: NoteWords }): ReactNode {
  const { format } = useWidget();
  const { end } = useUndo();
  const ids = uploads.filter(({ canCancel }) => canCancel).map(({ id }) => id);
  if (ids.length === 0 || !['no-sound', 'incomplete', 'same-video'].includes(note.code)) return null;
  const [one, many] =
    note.code === 'same-video' ? [words.skip, words.skipAll] : [words.remove, words.removeAll];
  return (
    <Button
      label={ids.length === 1 ? one : count(many, ids.length, format)}
      look={note.code === 'same-video' ? 'line' : 'quiet'}
      aria-description={uploads.map(({ fileName }) => fileName).join(', ')}
      onClick={() => {
        end('cancel', ids);
      }}
    />
  );
}

/** A button that is pressed goes with its line, or with the card: the focus goes to what is next. */
function useFocusKept(): void {
  const root = useRoot();
  const last = useRef<Element>(undefined);
  useEffect(() => {
    const widget = root.current;
    const remember = ({ target }: FocusEvent) => {
      last.current = target instanceof Element && target.closest('.vd-notes') ? target : undefined;
    };
    // Some browsers tell of it also when the element goes, and before it is gone; or when the window loses the focus.
    const forget = ({ target }: FocusEvent) => {
      queueMicrotask(() => {
        if (target === last.current && last.current?.isConnected && focusedBeside(last.current) !== target)
          last.current = undefined;
      });
    };
    widget?.addEventListener('focusin', remember);
    widget?.addEventListener('focusout', forget);
    return () => {
      widget?.removeEventListener('focusin', remember);
      widget?.removeEventListener('focusout', forget);
    };
  }, [root]);
  useEffect(() => {
    const widget = root.current;
    if (!widget || last.current?.isConnected !== false || !isFocusLost(widget)) return;
    const next = ['.vd-notes li button', '.vd-notes button', '[data-upload-id]', '.vd-pick'];
    next
      .map((selector) => widget.querySelector<HTMLElement>(selector))
      .find((element) => element !== null)
      ?.focus();
  });
}

/** Said when the card appears and when more files belong to it, not when it gets shorter. */
function useSpoken(title: string, files: number): void {
  const { announcer } = useWidget();
  const said = useRef(0);
  useEffect(() => {
    if (files > said.current) announcer.say(title);
    said.current = files;
  }, [announcer, title, files]);
}
