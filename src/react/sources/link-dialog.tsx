import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { useWidget } from '../context.js';
import { count, fill } from '../messages/fill.js';
import { readLink, splitLinks, type ReadLink } from './read-links.js';
import { SourceKeys } from './source-keys.js';
import { useSourceWords } from './use-source-words.js';
import type { SourceWords } from './words/en.js';

export interface LinkDialogProps {
  /** What was pasted before the dialog opened. */
  text: string;
  onClose: () => void;
}

/** Takes links, tells of each that cannot be added, and gives the others to the cloud. */
export function LinkDialog({ text, onClose }: LinkDialogProps): ReactNode {
  const words = useSourceWords();
  return words && <Dialog text={text} words={words} onClose={onClose} />;
}

function Dialog({ text, words, onClose }: LinkDialogProps & { words: SourceWords }): ReactNode {
  const { uploader, messages, format } = useWidget();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { links, typed, setTyped, take, remove } = useLinks(text);
  const noteId = useId();
  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
    field.current?.focus();
  }, []);
  const good = links.filter(({ problem }) => problem === undefined);
  const add = () => {
    const urls = [...good.map((link) => link.text), ...goodIn(typed, links)];
    if (!urls.length) return;
    dialog.current?.close();
    void uploader.addLinks(urls);
  };
  const removeLink = (link: string) => {
    remove(link);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    add();
  };
  const wouldAdd = good.length + goodIn(typed, links).length;
  return (
    <dialog
      ref={dialog}
      className="vd-dialog vd-link-dialog"
      data-vodrop="links"
      data-columns={1}
      aria-label={words.linkTitle}
      onClose={onClose}
      onKeyDown={onKeyDown}
    >
      <div className="vd-dialog-form">
        <div className="vd-dialog-head">
          <div className="vd-total-title">
            <bdi>{words.linkTitle}</bdi>
          </div>
          <Button label={messages.close} icon="x" isIconOnly onClick={() => dialog.current?.close()} />
        </div>
        <div className="vd-dialog-body vd-recorder-body">
          <div className="vd-links">
            <ul role="list" aria-label={words.linkTitle}>
              {links.map((link) => (
                <LinkLine key={link.text} link={link} words={words} onRemove={removeLink} />
              ))}
            </ul>
            <div className="vd-link-field">
              <Icon name="plus" />
              <textarea
                ref={field}
                className="vd-link-input"
                rows={1}
                value={typed}
                aria-label={words.linkField}
                aria-describedby={noteId}
                placeholder={words.linkField}
                dir="ltr"
                spellCheck={false}
                autoCapitalize="none"
                onPaste={(event) => {
                  event.preventDefault();
                  take(`${typed} ${event.clipboardData.getData('text')}`);
                }}
                onChange={(event) => {
                  setTyped(event.currentTarget.value);
                }}
                onKeyDown={(event) => {
                  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
                  event.preventDefault();
                  take(typed);
                }}
              />
            </div>
          </div>
          <div className="vd-recording-note" id={noteId}>
            <bdi>{words.linkNote}</bdi>
          </div>
          <SourceKeys
            keys={[
              ['Ctrl V', words.keyPaste],
              ['Del', words.keyDelete],
              ['Ctrl Enter', words.keyAdd],
              ['Esc', words.keyClose],
            ]}
          />
        </div>
        <div className="vd-dialog-foot">
          <div className="vd-dialog-note" role="status">
            <bdi>
              {links.length > 0 &&
                fill(words.linkCount, { n: format.number(good.length), of: format.number(links.length) })}
            </bdi>
          </div>
          <Button label={messages.cancel} onClick={() => dialog.current?.close()} />
          <Button
            label={count(words.addLinks, wouldAdd, format)}
            look="fill"
            disabled={wouldAdd === 0}
            onClick={add}
          />
        </div>
      </div>
    </dialog>
  );

  /** What is still being typed counts, too. */
  function goodIn(given: string, present: readonly ReadLink[]): readonly string[] {
    const schemes = uploader.getSnapshot().capabilities?.import?.schemes ?? ['https'];
    return splitLinks(
      given,
      present.map((link) => link.text),
    ).filter((part) => readLink(part, schemes).problem === undefined);
  }
}

interface LinkLineProps {
  link: ReadLink;
  words: SourceWords;
  onRemove: (text: string) => void;
}

function LinkLine({ link: { text, problem, type }, words, onRemove }: LinkLineProps): ReactNode {
  return (
    <li
      data-problem={problem}
      onKeyDown={(event) => {
        if (event.key !== 'Delete' && event.key !== 'Backspace') return;
        event.preventDefault();
        onRemove(text);
      }}
    >
      <Icon name={problem ? 'alert' : 'check'} />
      <div className="vd-link-text">
        <span className="vd-link-address" dir="ltr" title={text}>
          {text}
        </span>
        {(problem ?? type) !== undefined && (
          <span className="vd-recording-note" data-tone={problem && 'bad'}>
            <bdi>{problem ? words.linkProblems[problem] : type}</bdi>
          </span>
        )}
      </div>
      <Button
        label={words.removeLink}
        icon="x"
        isIconOnly
        onClick={() => {
          onRemove(text);
        }}
      />
    </li>
  );
}

function useLinks(first: string) {
  const { uploader } = useWidget();
  const schemes = uploader.getSnapshot().capabilities?.import?.schemes ?? ['https'];
  const read = (texts: readonly string[]) => texts.map((text) => readLink(text, schemes));
  const [links, setLinks] = useState<readonly ReadLink[]>(() => read(splitLinks(first)));
  const [typed, setTyped] = useState('');
  return {
    links,
    typed,
    setTyped,
    take: (text: string) => {
      setTyped('');
      setLinks((before) => [
        ...before,
        ...read(
          splitLinks(
            text,
            before.map((link) => link.text),
          ),
        ),
      ]);
    },
    remove: (text: string) => {
      setLinks((before) => before.filter((link) => link.text !== text));
    },
  };
}
