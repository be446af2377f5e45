import { useEffect, useId, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { useWidget } from '../context.js';
import { count, fill } from '../messages/fill.js';
import { readLink, splitLinks, tryLinks, type LinkProblem, type ReadLink } from './read-links.js';
import { SourceKeys } from './source-keys.js';
import { useLatest } from '../hooks/use-latest.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';
import type { SourceWords } from '../messages/en-on-demand.js';

export interface LinkDialogProps {
  /** What was pasted before the dialog opened. */
  text: string;
  /** The row of a failed import that goes once links are added. */
  replaces?: string | undefined;
  onClose: () => void;
}

/** Takes links, tells of each that cannot be added, and gives the others to the cloud. */
export function LinkDialog(props: LinkDialogProps): ReactNode {
  const words = useOnDemandWords('sources');
  return words && <Dialog {...props} words={words} />;
}

function Dialog({ text, words, replaces, onClose }: LinkDialogProps & { words: SourceWords }): ReactNode {
  const { uploader, messages } = useWidget();
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const { links, typed, setTyped, take, remove, good, tryGood } = useLinks(text);
  const noteId = useId();
  useEffect(() => {
    if (dialog.current && !dialog.current.open) dialog.current.showModal();
    field.current?.focus();
  }, []);
  const close = () => dialog.current?.close();
  const add = useAdding(tryGood, (accepted) => {
    close();
    void uploader.addLinks(accepted).then(({ added }) => {
      // What the metadata of the host refuses leaves the row to be tried again.
      if (replaces !== undefined && added.length > 0) uploader.remove(replaces);
    });
  });
  const removeLink = (link: string) => {
    remove(link);
    field.current?.focus();
  };
  return (
    <dialog
      ref={dialog}
      className="vd-dialog vd-link-dialog"
      data-vodrop="links"
      data-columns={1}
      aria-label={words.linkTitle}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        void add();
      }}
    >
      <div className="vd-dialog-form">
        <div className="vd-dialog-head">
          <div className="vd-total-title">
            <bdi>{words.linkTitle}</bdi>
          </div>
          <Button label={messages.close} icon="x" isIconOnly onClick={close} />
        </div>
        <div className="vd-dialog-body vd-recorder-body">
          <div className="vd-links">
            {links.length > 0 && (
              <ul role="list" aria-label={words.linkTitle}>
                {links.map((link) => (
                  <LinkLine key={link.text} link={link} words={words} onRemove={removeLink} />
                ))}
              </ul>
            )}
            <LinkField
              ref={field}
              typed={typed}
              label={words.linkField}
              onType={setTyped}
              onTake={take}
              noteId={noteId}
            />
          </div>
          <div className="vd-recording-note" id={noteId}>
            <bdi>{words.linkNote}</bdi>
          </div>
          <LinkKeys words={words} />
        </div>
        <LinkFoot
          words={words}
          total={links.length}
          good={good.length}
          onAdd={() => void add()}
          onClose={close}
        />
      </div>
    </dialog>
  );
}

interface LinkFieldProps {
  ref: RefObject<HTMLTextAreaElement | null>;
  typed: string;
  label: string;
  noteId: string;
  onType: (text: string) => void;
  onTake: (text: string) => void;
}

/** A paste is taken at once, what is typed with Enter. */
function LinkField({ ref, typed, label, noteId, onType, onTake }: LinkFieldProps): ReactNode {
  return (
    <div className="vd-link-field">
      <Icon name="plus" />
      <textarea
        ref={ref}
        className="vd-link-input"
        rows={1}
        value={typed}
        aria-label={label}
        aria-describedby={noteId}
        placeholder={label}
        dir="ltr"
        spellCheck={false}
        autoCapitalize="none"
        onPaste={(event) => {
          event.preventDefault();
          onTake(`${typed} ${event.clipboardData.getData('text')}`);
        }}
        onChange={(event) => {
          onType(event.currentTarget.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
          event.preventDefault();
          onTake(typed);
        }}
      />
    </div>
  );
}

function LinkKeys({ words }: { words: SourceWords }): ReactNode {
  return (
    <SourceKeys
      keys={[
        [`${words.ctrlKey} V`, words.keyPaste],
        [words.deleteKey, words.keyDelete],
        [`${words.ctrlKey} Enter`, words.keyAdd],
        ['Esc', words.keyClose],
      ]}
    />
  );
}

interface LinkFootProps {
  words: SourceWords;
  total: number;
  good: number;
  onAdd: () => void;
  onClose: () => void;
}

function LinkFoot({ words, total, good, onAdd, onClose }: LinkFootProps): ReactNode {
  const { messages, format } = useWidget();
  return (
    <div className="vd-dialog-foot">
      <div className="vd-dialog-note" role="status">
        <bdi>{total > 0 && fill(words.linkCount, { n: format.number(good), of: format.number(total) })}</bdi>
      </div>
      <Button label={messages.cancel} onClick={onClose} />
      <Button label={count(words.addLinks, good, format)} look="fill" disabled={good === 0} onClick={onAdd} />
    </div>
  );
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
  const [links, setLinks] = useState<readonly string[]>(() => splitLinks(first));
  const [typed, setTyped] = useState('');
  // What is still being typed counts, too.
  const all = [...links, ...splitLinks(typed, links)].map((text) => readLink(text, schemes));
  const tried = useTried(all);
  return {
    links: tried.slice(0, links.length),
    good: tried.filter(({ problem }) => !problem),
    tryGood: async () =>
      (await tryLinks(uploader, all)).flatMap(({ text, problem }) => (problem ? [] : [text])),
    typed,
    setTyped,
    take: (text: string) => {
      setTyped('');
      setLinks((before) => [...before, ...splitLinks(text, before)]);
    },
    remove: (text: string) => {
      setLinks((before) => before.filter((link) => link !== text));
    },
  };
}

/** With what the uploader says of them; until it has said it of these, with what it has said before. */
function useTried(links: readonly ReadLink[]): readonly ReadLink[] {
  const { uploader } = useWidget();
  const [problems, setProblems] = useState<ReadonlyMap<string, LinkProblem | undefined>>(new Map());
  const latest = useLatest(links);
  const key = links.map(({ text }) => text).join(' ');
  useEffect(() => {
    let isLatest = true;
    void tryLinks(uploader, latest.current).then((tried) => {
      if (isLatest) setProblems(new Map(tried.map(({ text, problem }) => [text, problem])));
    });
    return () => {
      isLatest = false;
    };
  }, [uploader, latest, key]);
  return links.map((link) => (link.problem ? link : { ...link, problem: problems.get(link.text) }));
}

/** Adds what the uploader takes, once: what was typed last may not have been tried before. */
function useAdding(tryGood: () => Promise<readonly string[]>, onAdd: (links: readonly string[]) => void) {
  const isAdding = useRef(false);
  return async () => {
    if (isAdding.current) return;
    isAdding.current = true;
    const links = await tryGood().finally(() => {
      isAdding.current = false;
    });
    if (links.length > 0) onAdd(links);
  };
}
