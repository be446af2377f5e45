import {
  useEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
} from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Icon } from '../components/icon.js';
import { urlOf } from '../components/poster.js';
import { useWidget } from '../context.js';
import { clockTime } from '../format/index.js';
import { isFocusLost } from '../hooks/focused-element.js';
import { fill } from '../messages/fill.js';
import type { CopyProblem, MediaSummary } from './copy-types.js';
import {
  fitCut,
  moveCut,
  preciseTime,
  stepCut,
  type Cut,
  type CutMode,
  type CutRules,
} from './cut-points.js';
import { TrimFoot } from './trim-foot.js';
import { exactProblem, TrimJob, type TrimState } from './trim-job.js';
import { TrimStrip } from './trim-strip.js';
import type { TrimView } from './trim-view.js';
import { useTrimStyles } from './use-trim-styles.js';
import type { TrimWords } from '../messages/en-on-demand.js';

export interface TrimEditorProps {
  upload: UploadSnapshot;
  words: TrimWords;
  /** Back to the rest of the dialog; undefined where there is nothing else in it. */
  onBack: (() => void) | undefined;
  /** What stands in the dialog goes along with the cut. */
  onApply: () => void;
  onDone: () => void;
}

/** Cuts the beginning and the end off a film. */
export function TrimEditor({ upload, words, onBack, onApply, onDone }: TrimEditorProps): ReactNode {
  const { announcer, rows } = useWidget();
  useTrimStyles();
  const job = useJob(upload);
  const state = useSyncExternalStore(job.subscribe, job.getState, job.getState);
  const points = useCutPoints('summary' in state ? state.summary : undefined);
  const view: TrimView = {
    words,
    state,
    cut: points.cut,
    isCut: points.isCut,
    reset: points.reset,
    cancel: () => {
      job.cancel();
    },
    apply: () => {
      onApply();
      void job.apply(points.cut, points.rules.mode).then((seconds) => {
        if (seconds === undefined) return;
        announcer.say(fill(words.sayTrimmed, { time: clockTime(seconds) }), 'polite');
        onDone();
        const done = job.getState();
        // The row that the dialog belonged to is gone, or about to be.
        if (done.phase === 'done' && done.uploadId !== undefined) rows.focus(done.uploadId);
      });
    },
  };
  return (
    <>
      <div className="vd-dialog-body" data-vodrop="trim" data-phase={state.phase}>
        {'summary' in state ? (
          <Film upload={upload} view={view} points={points} summary={state.summary} />
        ) : (
          <Note state={state} words={words} />
        )}
      </div>
      <TrimFoot view={view} upload={upload} onBack={onBack} />
    </>
  );
}

function Note({ state, words }: { state: TrimState; words: TrimWords }): ReactNode {
  const isProblem = state.phase === 'problem';
  return (
    <div className="vd-trim-note" role={isProblem ? 'alert' : 'status'}>
      <Icon name={isProblem ? 'alert' : 'spin'} />
      <bdi>{isProblem ? `${words.cannotTrim}. ${words.problems[state.problem]}` : words.reading}</bdi>
    </div>
  );
}

function useJob({ id, file }: UploadSnapshot): TrimJob {
  const { uploader, place } = useWidget();
  const [job] = useState(() => new TrimJob({ uploader, place, id, file: file ?? new File([], '') }));
  const closing = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    clearTimeout(closing.current);
    return () => {
      // StrictMode mounts twice.
      closing.current = setTimeout(() => {
        job.close();
      });
    };
  }, [job]);
  return job;
}

interface CutPoints {
  readonly cut: Cut;
  readonly rules: CutRules;
  /** Something is left out. */
  readonly isCut: boolean;
  /** `step`: by a key. */
  readonly move: (point: keyof Cut, seconds: number, how: 'to' | 'step') => number;
  readonly setMode: (mode: CutMode) => void;
  readonly reset: () => void;
}

function useCutPoints(summary: MediaSummary | undefined): CutPoints {
  const durationSeconds = summary?.durationSeconds ?? 0;
  const [given, setGiven] = useState<Cut>();
  const [wanted, setMode] = useState<CutMode>('lossless');
  const mode = summary && !summary.container ? 'exact' : wanted;
  const whole = { start: 0, end: durationSeconds };
  const rules: CutRules = { durationSeconds, mode, keySeconds: summary?.keySeconds ?? [] };
  const cut = given ? fitCut(given, rules) : whole;
  return {
    cut,
    rules,
    isCut: cut.start > 0 || cut.end < durationSeconds,
    move: (point, seconds, how) => {
      const next = (how === 'step' ? stepCut : moveCut)(cut, point, seconds, rules);
      setGiven(next);
      return next[point];
    },
    setMode,
    reset: () => {
      setGiven(undefined);
    },
  };
}

interface FilmProps {
  upload: UploadSnapshot;
  view: TrimView;
  points: CutPoints;
  summary: MediaSummary;
}

function Film({ upload, view, points, summary }: FilmProps): ReactNode {
  const { words, state, cut } = view;
  const { file } = upload;
  const { video, seconds, seek, toggle, onTime, onData } = usePlayer(cut, summary.beginsSeconds);
  const frameSeconds = 1 / (summary.frameRate || 25);
  const isBusy = state.phase !== 'ready';
  const move = (point: keyof Cut, to: number, how: 'to' | 'step' = 'to') => {
    seek(points.move(point, to, how));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : undefined;
    const hasOwnSpace = target?.closest('button, input');
    const key = event.key.toLowerCase();
    if (isBusy || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (key === 'i') move('start', seconds);
    else if (key === 'o') move('end', seconds);
    else if (key === ' ' && !hasOwnSpace) toggle();
    else return;
    event.preventDefault();
  };
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // What was pressed to come here is gone; it is there again on the way back.
    place.current?.querySelector<HTMLElement>('[role="slider"]')?.focus();
    const dialog = place.current?.closest('dialog');
    return () => {
      if (isFocusLost(dialog)) dialog?.querySelector<HTMLElement>('[data-vodrop="trim-open"]')?.focus();
    };
  }, []);
  if (!file) return null;
  return (
    <div ref={place} className="vd-side vd-trim" tabIndex={-1} onKeyDown={onKeyDown}>
      <div className="vd-frame">
        <video
          ref={video}
          className="vd-frame-video"
          src={urlOf(file)}
          playsInline
          preload="auto"
          aria-hidden="true"
          tabIndex={-1}
          onTimeUpdate={onTime}
          onLoadedData={onData}
          onClick={toggle}
        />
        <span className="vd-frame-time">{preciseTime(seconds)}</span>
      </div>
      <TrimStrip
        file={file}
        durationSeconds={summary.durationSeconds}
        frameSeconds={frameSeconds}
        keySeconds={points.rules.mode === 'lossless' ? summary.keySeconds : []}
        cut={cut}
        playheadSeconds={seconds}
        words={words}
        isDisabled={isBusy}
        onMove={move}
        onSeek={seek}
      />
      <Times view={view} durationSeconds={summary.durationSeconds} />
      <Modes points={points} summary={summary} words={words} isDisabled={isBusy} />
      <Keys words={words} />
    </div>
  );
}

interface Player {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly seconds: number;
  readonly seek: (seconds: number) => void;
  readonly toggle: () => void;
  readonly onTime: () => void;
  readonly onData: () => void;
}

/** Plays what stays, and stops at its end. */
function usePlayer({ start, end }: Cut, beginsSeconds: number): Player {
  const video = useRef<HTMLVideoElement>(null);
  const [seconds, setSeconds] = useState(0);
  /** Where the player has the beginning: Chromium plays by the time stamps of the film, others from zero. */
  const origin = useRef(beginsSeconds > 0 ? undefined : 0);
  const show = (at: number) => {
    if (video.current && origin.current !== undefined) video.current.currentTime = origin.current + at;
  };
  const seek = (to: number) => {
    setSeconds(to);
    show(to);
  };
  return {
    video,
    seconds,
    seek,
    toggle: () => {
      const element = video.current;
      if (!element) return;
      if (!element.paused) return element.pause();
      if (seconds < start || seconds >= end - 0.05) seek(start);
      element.play().catch(() => undefined);
    },
    onTime: () => {
      const element = video.current;
      if (!element || element.paused) return;
      const now = element.currentTime - (origin.current ?? 0);
      setSeconds(now);
      if (now >= end) element.pause();
    },
    onData: () => {
      if (!video.current || origin.current !== undefined) return;
      origin.current = video.current.currentTime > 0 ? beginsSeconds : 0;
      if (seconds > 0) show(seconds);
    },
  };
}

/** Below the ends of the strip, which has its beginning on the left in every language. */
function Times({
  view: { words, cut },
  durationSeconds,
}: {
  view: TrimView;
  durationSeconds: number;
}): ReactNode {
  const { messages } = useWidget();
  const [length, of] = [preciseTime(cut.end - cut.start), preciseTime(durationSeconds)];
  return (
    <div className="vd-trim-times" dir="ltr">
      <bdi>{fill(words.startAt, { time: preciseTime(cut.start) })}</bdi>
      <strong data-vodrop="trim-length">
        <bdi>{messages.positionOf({ at: length, of })}</bdi>
      </strong>
      <bdi>{fill(words.endAt, { time: preciseTime(cut.end) })}</bdi>
    </div>
  );
}

function Modes({
  points,
  summary,
  words,
  isDisabled,
}: {
  points: CutPoints;
  summary: MediaSummary;
  words: TrimWords;
  isDisabled: boolean;
}): ReactNode {
  const { mode } = points.rules;
  const problem: Record<CutMode, CopyProblem | undefined> = {
    lossless: summary.container ? undefined : 'cannot-copy',
    exact: exactProblem(summary),
  };
  return (
    <div className="vd-trim-modes">
      <div className="vd-trim-choice" role="group" aria-label={words.mode}>
        {(['lossless', 'exact'] as const).map((one) => (
          <button
            key={one}
            type="button"
            className="vd-trim-mode"
            aria-pressed={mode === one}
            disabled={isDisabled || problem[one] !== undefined}
            title={problem[one] && words.problems[problem[one]]}
            onClick={() => {
              points.setMode(one);
            }}
          >
            <bdi>{words[one]}</bdi>
          </button>
        ))}
      </div>
      <span className="vd-label-note vd-trim-wraps" aria-live="polite">
        <bdi>{mode === 'lossless' ? words.losslessNote : words.exactNote}</bdi>
        {mode === 'lossless' && summary.isAudioRaw && (
          <>
            {' '}
            <bdi>{words.rawSound}</bdi>
          </>
        )}
      </span>
    </div>
  );
}

function Keys({ words }: { words: TrimWords }): ReactNode {
  const { format } = useWidget();
  const keys: readonly (readonly [string, string])[] = [
    ['I', words.keyStart],
    ['O', words.keyEnd],
    ['← →', format.duration(1)],
    [', .', words.keyFrame],
    [words.spaceKey, words.keyPlay],
  ];
  return (
    <div className="vd-trim-keys" aria-hidden="true">
      {keys.map(([key, does]) => (
        <span key={key}>
          <kbd dir="ltr">{key}</kbd> <bdi>{does}</bdi>
        </span>
      ))}
    </div>
  );
}
