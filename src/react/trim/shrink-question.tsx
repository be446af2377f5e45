import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { FileName } from '../components/file-name.js';
import { useWidget } from '../context.js';
import { isFocusLost } from '../hooks/focused-element.js';
import { useRoot } from '../hooks/use-root.js';
import { count, fill } from '../messages/fill.js';
import { knownSpeeds, measureShrinking } from './measured-speeds.js';
import type { Film, ShrinkJobs } from './shrink-jobs.js';
import {
  bitRateText,
  codecText,
  linesText,
  secondsFor,
  type Duration,
  type ShrinkChoice,
} from './shrink-plan.js';
import type { TrimWords } from '../messages/en-on-demand.js';

interface ShrinkQuestionProps {
  films: readonly Film[];
  jobs: ShrinkJobs;
  words: TrimWords;
}

/** Original or a smaller copy: what each weighs and when it would be there. Closing it sends the original. */
export function ShrinkQuestion({ films, jobs, words }: ShrinkQuestionProps): ReactNode {
  const { messages, format } = useWidget();
  const dialog = useRef<HTMLDialogElement>(null);
  const [film] = films;
  const [index, setIndex] = useState(0);
  const [isForAll, setIsForAll] = useState(true);
  const { times, note } = useTimes(film, words);
  useOpen(dialog);
  if (!film) return null;
  const chosen = index < 0 ? undefined : film.choices[index];
  const others = films.length - 1;
  const answer = (choice: ShrinkChoice | undefined) => {
    jobs.answer(choice, isForAll && others > 0);
  };
  return (
    <dialog
      ref={dialog}
      className="vd-dialog vd-shrink"
      data-vodrop="shrink"
      data-columns={1}
      aria-label={words.smallerCopy}
      onCancel={(event) => {
        event.preventDefault();
        answer(undefined);
      }}
    >
      <div className="vd-dialog-form">
        <div className="vd-dialog-head">
          <div className="vd:min-w-0">
            <div className="vd-total-title">
              <bdi>{words.smallerCopy}</bdi>
            </div>
            <FileName name={film.file.name} />
          </div>
          <Button label={messages.close} icon="x" isIconOnly onClick={() => answer(undefined)} />
        </div>
        <div className="vd-dialog-body">
          <Choices film={film} chosen={chosen} times={times} words={words} onChoose={setIndex} />
          <p className="vd-shrink-note" aria-live="polite">
            <bdi>{note}</bdi>
          </p>
        </div>
        <div className="vd-dialog-foot">
          <div className="vd-dialog-note">
            {others > 0 && (
              <label className="vd-shrink-all">
                <input
                  type="checkbox"
                  checked={isForAll}
                  onChange={(event) => setIsForAll(event.currentTarget.checked)}
                />
                <bdi>{count(words.useForAll, others, format)}</bdi>
              </label>
            )}
          </div>
          <Button label={words.sendOriginal} onClick={() => answer(undefined)} />
          {chosen && (
            <Button
              label={fill(words.sendSmaller, { lines: linesText(chosen.lines, format) })}
              look="fill"
              onClick={() => answer(chosen)}
            />
          )}
        </div>
      </div>
    </dialog>
  );
}

interface ChoicesProps {
  film: Film;
  chosen: ShrinkChoice | undefined;
  times: (choice: ShrinkChoice | undefined) => Duration;
  words: TrimWords;
  /** Of `film.choices`; -1 is the original. */
  onChoose: (index: number) => void;
}

function Choices({ film, chosen, times, words, onChoose }: ChoicesProps): ReactNode {
  const { format } = useWidget();
  const { summary, file, choices } = film;
  const original = linesText(Math.min(summary.width, summary.height), format);
  return (
    <div className="vd-side" role="radiogroup" aria-label={words.smallerCopy}>
      <Choice
        isChosen={chosen === undefined}
        title={words.original}
        about={[`${original}, ${codecText(summary.videoCodec)}`, words.untouched]}
        size={format.bytes(file.size)}
        seconds={times(choices[0]).original}
        words={words}
        onChoose={() => onChoose(-1)}
      />
      {choices.map((choice, at) => (
        <Choice
          key={choice.lines}
          isChosen={chosen === choice}
          title={linesText(choice.lines, format)}
          about={['H.264', summary.hasAudio && !summary.isAudioRaw ? words.soundCopied : undefined]}
          size={fill(words.about, { value: format.bytes(choice.sizeBytes) })}
          seconds={times(choice).copy}
          words={words}
          onChoose={() => onChoose(at)}
        />
      ))}
    </div>
  );
}

interface ChoiceProps {
  isChosen: boolean;
  title: string;
  about: readonly (string | undefined)[];
  size: string;
  seconds: number | undefined;
  words: TrimWords;
  onChoose: () => void;
}

function Choice({ isChosen, title, about, size, seconds, words, onChoose }: ChoiceProps): ReactNode {
  const { format } = useWidget();
  const id = useId();
  return (
    <label className="vd-shrink-choice" data-chosen={isChosen || undefined}>
      <input
        type="radio"
        name="vd-shrink"
        checked={isChosen}
        aria-labelledby={`${id}-title`}
        aria-describedby={`${id}-size ${id}-about`}
        onChange={onChoose}
      />
      <span id={`${id}-title`} className="vd-shrink-title">
        <bdi>{title}</bdi>
      </span>
      <span id={`${id}-size`} className="vd-shrink-size">
        <bdi>{size}</bdi>
        {seconds !== undefined && (
          <span>
            <bdi>{fill(words.about, { value: format.duration(Math.max(1, seconds)) })}</bdi>
          </span>
        )}
      </span>
      <span id={`${id}-about`} className="vd-shrink-about">
        <bdi>{about.filter(Boolean).join(' · ')}</bdi>
      </span>
    </label>
  );
}

/** How long each way takes, measured once for a device; nothing is said before the line was measured. */
function useTimes(film: Film | undefined, words: TrimWords) {
  const { uploader, format } = useWidget();
  const [, setMeasured] = useState(0);
  useEffect(() => {
    const [choice] = film?.choices ?? [];
    if (!film || !choice) return;
    const speeds = knownSpeeds(uploader, film.summary);
    if (speeds.bytesPerSecond === undefined || speeds.shrinkRate !== undefined) return;
    const stop = new AbortController();
    measureShrinking(film.file, film.summary, choice, stop.signal).then(
      () => setMeasured((times) => times + 1),
      () => undefined,
    );
    return () => stop.abort();
  }, [film, uploader]);
  const speeds = film && knownSpeeds(uploader, film.summary);
  const { bytesPerSecond } = speeds ?? {};
  const speed = bytesPerSecond && bitRateText(bytesPerSecond * 8, words, format);
  return {
    times: (choice: ShrinkChoice | undefined) =>
      film && speeds && choice
        ? secondsFor(
            { sizeBytes: film.file.size, durationSeconds: film.summary.durationSeconds },
            choice,
            speeds,
          )
        : { original: undefined, copy: undefined },
    note: speed ? fill(words.timesNote, { speed }) : words.noTimes,
  };
}

function useOpen(dialog: React.RefObject<HTMLDialogElement | null>): void {
  const root = useRoot();
  useEffect(() => {
    const element = dialog.current;
    if (!element || element.open) return;
    element.showModal();
    element.querySelector<HTMLElement>('input[type="radio"]:checked')?.focus();
    const place = root.current;
    return () => {
      // The buttons in the zone go as it becomes small with the first video; the zone itself stays.
      if (isFocusLost(place)) place?.querySelector<HTMLElement>('[data-vodrop="dropzone"]')?.focus();
    };
  }, [dialog, root]);
}
