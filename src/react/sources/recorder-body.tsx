import { useEffect, useRef, useState, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { clockTime } from '../format/index.js';
import { hasDevice, useWidget } from '../context.js';
import { useRoot } from '../hooks/use-root.js';
import { fill } from '../messages/fill.js';
import { DeviceChoice } from './device-choice.js';
import { LevelMeter } from './level-meter.js';
import { RecorderReview } from './recorder-review.js';
import type { RecorderBodyProps } from './recorder-props.js';
import type { Recorder, RecorderState } from './recorder.js';
import { SourceIcon } from './source-icons.js';
import { SourceKeys } from './source-keys.js';
import type { SourceWords } from '../messages/en-on-demand.js';

/** The picture, and below it what can be done at the moment. */
export function RecorderBody(props: RecorderBodyProps): ReactNode {
  const { recorder, state, words } = props;
  const { phase, notice } = state;
  if (phase === 'problem') return <Problem {...props} />;
  return (
    <div className="vd-dialog-body vd-recorder-body">
      {phase === 'done' ? <RecorderReview {...props} /> : <Preview {...props} />}
      {notice && (
        <div className="vd-trouble" data-tone={notice === 'almost-full' ? 'wait' : undefined}>
          <Icon name="alert" size="small" />
          <bdi>{fill(words.notices[notice], { n: state.minutesLeft })}</bdi>
        </div>
      )}
      {phase === 'ready' && <DeviceChoice recorder={recorder} state={state} words={words} />}
      {phase !== 'done' && phase !== 'saving' && <Controls {...props} />}
      {phase !== 'done' && phase !== 'saving' && <Keys words={words} />}
    </div>
  );
}

function Preview({ recorder, state, words }: RecorderBodyProps): ReactNode {
  const { phase, capture, countdownLeft } = state;
  const { format } = useWidget();
  const video = useRef<HTMLVideoElement>(null);
  const stream = capture?.stream;
  useEffect(() => {
    if (!video.current) return;
    video.current.srcObject = stream ?? null;
    // Browsers that do not play it show its first frame.
    if (stream) video.current.play().catch(() => undefined);
  }, [stream]);
  const isMirrored = recorder.kind === 'camera' && capture?.video.getSettings().facingMode !== 'environment';
  return (
    <div className="vd-recording-frame">
      {/* The mirror is only on screen: what is recorded is not mirrored. */}
      <video
        ref={video}
        className="vd-recording-video"
        data-mirrored={isMirrored || undefined}
        muted
        playsInline
        aria-hidden="true"
        tabIndex={-1}
      />
      {!stream && (
        <div className="vd-recording-empty">
          {phase === 'asking' || phase === 'saving' ? (
            <>
              <Icon name="spin" />
              <bdi>{phase === 'asking' ? words.asking : words.saving}</bdi>
            </>
          ) : (
            <>
              <SourceIcon name="screen" />
              <bdi>{words.screenHint}</bdi>
            </>
          )}
        </div>
      )}
      {phase === 'countdown' && (
        <span className="vd-recording-digit" aria-hidden="true">
          {format.number(countdownLeft)}
        </span>
      )}
      {(phase === 'recording' || phase === 'paused') && (
        <Flag state={state} words={words} kind={recorder.kind} />
      )}
    </div>
  );
}

function Flag({ state, words, kind }: { state: RecorderState; words: SourceWords; kind: string }): ReactNode {
  const isPaused = state.phase === 'paused';
  const text = isPaused ? words.pausedAt : kind === 'screen' ? words.screenAt : words.recordingAt;
  return (
    <span className="vd-recording-flag" data-paused={isPaused || undefined} role="timer" aria-live="off">
      <i aria-hidden="true" />
      <bdi>{fill(text, { time: clockTime(Math.floor(state.elapsedMs / 1000)) })}</bdi>
    </span>
  );
}

function Controls({ recorder, state, words, onSwitch }: RecorderBodyProps): ReactNode {
  const { phase, capture } = state;
  const isRunning = phase === 'recording' || phase === 'paused';
  const isOn = isRunning || phase === 'countdown';
  const label = isOn ? words.stop : words.record;
  return (
    <div className="vd-recording-bar">
      <div className="vd-recording-side">
        {isRunning ? (
          <PauseButton recorder={recorder} isPaused={phase === 'paused'} />
        ) : (
          phase === 'ready' && <Countdown recorder={recorder} state={state} words={words} />
        )}
        {capture?.microphone && <MuteButton recorder={recorder} isMuted={state.isMuted} words={words} />}
      </div>
      <button
        type="button"
        className="vd-recording-button"
        data-on={isOn || undefined}
        aria-label={label}
        title={label}
        disabled={phase === 'asking'}
        autoFocus
        onClick={() => {
          void (isOn ? recorder.stop() : recorder.record());
        }}
      >
        <i aria-hidden="true" />
      </button>
      <div className="vd-recording-side" data-end="">
        {capture?.microphone && <LevelMeter track={capture.microphone} label={words.level} />}
        {isRunning && <Size state={state} words={words} />}
        {phase === 'ready' && onSwitch && (
          <button type="button" className="vd-button vd-button-wraps" data-look="quiet" onClick={onSwitch}>
            <SourceIcon name={recorder.kind === 'camera' ? 'screen' : 'camera'} size="small" />
            <bdi className="vd-button-text">
              {recorder.kind === 'camera' ? words.screenInstead : words.cameraInstead}
            </bdi>
          </button>
        )}
      </div>
    </div>
  );
}

function Size({ state, words }: { state: RecorderState; words: SourceWords }): ReactNode {
  const { format } = useWidget();
  if (state.sizeBytes === 0) return null;
  const text = state.isStored ? words.keptHere : words.keptInPage;
  return (
    <span className="vd-recording-size">
      <bdi>{fill(text, { size: format.bytes(state.sizeBytes) })}</bdi>
    </span>
  );
}

/** One element whose name changes. It has the focus when a recording begins, so that Space pauses. */
function PauseButton({ recorder, isPaused }: { recorder: Recorder; isPaused: boolean }): ReactNode {
  const { messages } = useWidget();
  return (
    <Button
      label={isPaused ? messages.resume : messages.pause}
      icon={isPaused ? 'play' : 'pause'}
      isIconOnly
      autoFocus
      onClick={() => {
        if (isPaused) recorder.resume();
        else recorder.pause();
      }}
    />
  );
}

function MuteButton({
  recorder,
  isMuted,
  words,
}: {
  recorder: Recorder;
  isMuted: boolean;
  words: SourceWords;
}): ReactNode {
  const label = isMuted ? words.unmute : words.mute;
  return (
    <button
      type="button"
      className="vd-button"
      data-look="quiet"
      data-icon-only=""
      aria-label={label}
      title={label}
      onClick={() => {
        recorder.mute();
      }}
    >
      <SourceIcon name={isMuted ? 'mic-off' : 'mic'} />
    </button>
  );
}

const countdowns = [0, 3, 10];

function Countdown({
  recorder,
  state,
  words,
}: Pick<RecorderBodyProps, 'recorder' | 'state' | 'words'>): ReactNode {
  const { format } = useWidget();
  return (
    <select
      className="vd-select"
      aria-label={words.countdown}
      value={state.countdownSeconds}
      onChange={(event) => {
        recorder.setCountdown(Number(event.currentTarget.value));
      }}
    >
      {countdowns.map((seconds) => (
        <option key={seconds} value={seconds}>
          {seconds ? fill(words.secondsCountdown, { n: format.number(seconds) }) : words.noCountdown}
        </option>
      ))}
    </select>
  );
}

function Keys({ words }: { words: SourceWords }): ReactNode {
  const { messages } = useWidget();
  const keys: readonly (readonly [string, string])[] = [
    ['R', words.keyRecord],
    [words.spaceKey, messages.pause],
    ['M', words.keyMute],
    ['Esc', words.keyClose],
  ];
  return <SourceKeys keys={keys} />;
}

/** Why there is no picture, and the two ways on. */
function Problem({ recorder, state, words, onClose }: RecorderBodyProps): ReactNode {
  const [isTrying, setIsTrying] = useState(false);
  const { problem = 'cannot-record' } = state;
  const [what, todo] = words.problems[problem];
  return (
    <div className="vd-dialog-body vd-recorder-body">
      <div className="vd-note" role="alert">
        <Icon name="alert" />
        <div>
          <div className="vd-note-title">
            <bdi>{what}</bdi>
          </div>
          <div className="vd-why">
            <bdi>{todo}</bdi>
          </div>
          <div className="vd-buttons">
            <Button
              label={words.tryAgain}
              icon="retry"
              look="line"
              disabled={isTrying}
              autoFocus
              onClick={() => {
                setIsTrying(true);
                void recorder.look().finally(() => {
                  setIsTrying(false);
                });
              }}
            />
            {problem === 'microphone-denied' && (
              <Button
                label={words.noMicrophone}
                onClick={() => {
                  void recorder.look({ ...state.chosen, microphoneId: '' });
                }}
              />
            )}
            <ChooseVideos onClose={onClose} />
          </div>
        </div>
      </div>
    </div>
  );
}

/** The way that always works: a video of the device. */
function ChooseVideos({ onClose }: { onClose: () => void }): ReactNode {
  const { messages, sources, kind } = useWidget();
  const root = useRoot();
  if (!hasDevice(sources)) return null;
  return (
    <Button
      label={fill(messages.chooseFiles, { many: messages.manyOf(kind) })}
      onClick={() => {
        onClose();
        root.current?.querySelector<HTMLElement>('.vd-pick')?.click();
      }}
    />
  );
}
