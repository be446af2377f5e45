import { useEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { useWidget } from '../context.js';
import { focusedBeside } from '../hooks/focused-element.js';
import { useRoot } from '../hooks/use-root.js';
import { fill } from '../messages/fill.js';
import { recordingAbilities, recordingFormat } from './can-record.js';
import { Recorder, type RecorderState } from './recorder.js';
import { RecorderBody } from './recorder-body.js';
import { openRecordings, recordingsChanged } from './recording-files.js';
import { engineOf } from '../stores/hosted-uploader.js';
import { readSources } from './source-names.js';
import { useSources, type OpenSource } from './sources-store.js';
import { uploadedRecordings } from './uploaded-recordings.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';
import type { SourceWords } from '../messages/en-on-demand.js';

export interface RecorderDialogProps {
  source: Exclude<OpenSource, { kind: 'link' }>;
  onClose: () => void;
}

/** Records the camera or the screen, and shows what was recorded before it is uploaded. */
export function RecorderDialog({ source, onClose }: RecorderDialogProps): ReactNode {
  const recorder = useRecorder(source, onClose);
  const words = useOnDemandWords('sources');
  const dialog = useRef<HTMLDialogElement>(null);
  const isShown = recorder !== undefined && words !== undefined;
  useOpen(dialog, isShown);
  return isShown ? <Dialog ref={dialog} recorder={recorder} words={words} onClose={onClose} /> : null;
}

interface DialogProps {
  ref: React.RefObject<HTMLDialogElement | null>;
  recorder: Recorder;
  words: SourceWords;
  onClose: () => void;
}

function Dialog({ ref, recorder, words, onClose }: DialogProps): ReactNode {
  const { messages } = useWidget();
  const state = useSyncExternalStore(recorder.subscribe, recorder.getState, recorder.getState);
  const [isAsking, setIsAsking] = useState(false);
  useFocusInside(ref, state.phase, isAsking);
  const use = useUse(recorder, () => ref.current?.close());
  const close = () => {
    if (recorder.isWorthAsking) setIsAsking(true);
    else ref.current?.close();
  };
  const onSwitch = useSwitch(recorder);
  const title = recorder.kind === 'camera' ? words.camera : words.screen;
  return (
    <dialog
      ref={ref}
      className="vd-dialog vd-recorder"
      data-vodrop="recorder"
      data-kind={recorder.kind}
      data-phase={state.phase}
      data-columns={1}
      tabIndex={-1}
      aria-label={`${words.record}: ${title}`}
      onClose={onClose}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onKeyDown={(event) => {
        onKey(event, recorder, { isAsking, close, keep: () => setIsAsking(false) });
      }}
    >
      <div className="vd-dialog-form">
        <div className="vd-dialog-head">
          <div className="vd-total-title">
            <bdi>{words.record}</bdi>
          </div>
          <Button label={messages.close} icon="x" isIconOnly onClick={close} />
        </div>
        <RecorderBody
          recorder={recorder}
          state={state}
          words={words}
          onUse={use}
          onClose={close}
          onSwitch={onSwitch}
        />
        {isAsking && (
          <DiscardQuestion
            words={words}
            onKeep={() => {
              setIsAsking(false);
            }}
            onDiscard={() => {
              void recorder.discard().then(() => ref.current?.close());
            }}
          />
        )}
      </div>
      <Spoken state={state} words={words} />
    </dialog>
  );
}

function DiscardQuestion({
  words,
  onKeep,
  onDiscard,
}: {
  words: SourceWords;
  onKeep: () => void;
  onDiscard: () => void;
}): ReactNode {
  const { messages } = useWidget();
  return (
    <div className="vd-dialog-foot" role="alertdialog" aria-label={words.discardQuestion}>
      <div className="vd-say vd-dialog-note">
        <bdi>{words.discardQuestion}</bdi>
      </div>
      <Button label={messages.keep} look="line" autoFocus onClick={onKeep} />
      <Button label={messages.discard} look="danger" onClick={onDiscard} />
    </div>
  );
}

/** What a screen reader hears: regions outside a modal dialog are not read. The seconds are not spoken. */
function Spoken({ state, words }: { state: RecorderState; words: SourceWords }): ReactNode {
  const { messages, format } = useWidget();
  const { phase, notice, countdownLeft } = state;
  const said: Partial<Record<RecorderState['phase'], string>> = {
    asking: words.asking,
    countdown: format.number(countdownLeft),
    recording: words.sayRecording,
    paused: messages.paused,
    saving: words.saving,
    done: words.sayStopped,
  };
  return (
    <>
      <div className="vd-hidden" role="status" aria-live="polite">
        {said[phase] ?? ''}
      </div>
      <div className="vd-hidden" role="alert">
        {notice ? fill(words.notices[notice], { n: state.minutesLeft }) : ''}
      </div>
    </>
  );
}

/** Made when the dialog opens, and closed with it. */
function useRecorder(source: RecorderDialogProps['source'], onClose: () => void): Recorder | undefined {
  const { scope, accept } = useWidget();
  const [recorder, setRecorder] = useState<Recorder>();
  const first = useRef({ source, scope, accept, onClose });
  useEffect(() => {
    const { source: wanted, scope: whose, accept: types, onClose: giveUp } = first.current;
    let isCurrent = true;
    let made: Recorder | undefined;
    const begin = async () => {
      const files = await openRecordings(whose);
      // StrictMode mounts twice: the first would hold the recording in front of the second.
      if (!isCurrent) return;
      const folder = wanted.kind === 'review' ? await files?.take(wanted.recording.info.id) : undefined;
      if (!isCurrent) return folder?.release();
      if (wanted.kind === 'review' && !folder) {
        // Another tab has it, or has removed it.
        recordingsChanged.notify();
        return giveUp();
      }
      made = new Recorder({
        kind: wanted.kind === 'screen' ? 'screen' : 'camera',
        files,
        mimeType: recordingFormat(types),
        newId: () => crypto.randomUUID(),
      });
      setRecorder(made);
      if (wanted.kind === 'review' && folder)
        await made.review(folder, wanted.recording.durationSeconds * 1000);
      else await made.look();
    };
    void begin();
    return () => {
      isCurrent = false;
      void made?.close();
    };
  }, []);
  return recorder;
}

function useOpen(dialog: React.RefObject<HTMLDialogElement | null>, isShown: boolean): void {
  const root = useRoot();
  useEffect(() => {
    const element = dialog.current;
    if (!isShown || !element || element.open) return;
    element.showModal();
    // The browser would choose the first button, which closes.
    element.querySelector<HTMLElement>('.vd-recording-button:enabled')?.focus();
    const place = root.current;
    return () => {
      // The button that opened it may be gone: the zone becomes small with the first video.
      const focused = (place?.getRootNode() as Document | ShadowRoot | undefined)?.activeElement;
      if (!focused || focused === document.body)
        place?.querySelector<HTMLElement>('.vd-source, .vd-pick')?.focus();
    };
  }, [dialog, isShown, root]);
}

function useSwitch({ kind }: Recorder): (() => void) | undefined {
  const { sources } = useWidget();
  const { open } = useSources();
  const other = kind === 'camera' ? 'screen' : 'camera';
  if (!readSources(sources).includes(other) || !recordingAbilities()[other]) return undefined;
  return () => {
    open({ kind: other });
  };
}

/**
 * Buttons come and go with the phases. The focus stays inside, so that the keys go on working; it goes to the record
 * button once that can be pressed, as the dialog has opened with another.
 */
function useFocusInside(
  dialog: React.RefObject<HTMLDialogElement | null>,
  phase: RecorderState['phase'],
  isAsking: boolean,
): void {
  const before = useRef(phase);
  useEffect(() => {
    const element = dialog.current;
    const isOpened = before.current === 'asking' && phase === 'ready';
    before.current = phase;
    if (!element?.open || (element.contains(focusedBeside(element)) && !isOpened)) return;
    (element.querySelector<HTMLElement>('.vd-recording-button:enabled') ?? element).focus();
  }, [dialog, phase, isAsking]);
}

/** Adds what was recorded: from then on it is an upload like any other, and its file goes when the cloud has it. */
function useUse(recorder: Recorder, close: () => void): (name: string) => Promise<void> {
  const { addFiles, uploader, rows } = useWidget();
  // Of the person who records, as the folder of the recording is.
  const [engine] = useState(() => engineOf(uploader));
  return async (name) => {
    const result = await addFiles([await recorder.item(name)], engine);
    const [uploadId] = result.added;
    if (uploadId !== undefined) {
      const folder = recorder.giveFolder();
      await folder?.note({ uploadId }).catch(() => undefined);
      if (folder) uploadedRecordings.add(uploadId, folder, engine);
    }
    close();
    // The card of a recording that was offered goes with its button.
    if (uploadId !== undefined) rows.focus(uploadId);
  };
}

interface KeyActions {
  readonly isAsking: boolean;
  readonly close: () => void;
  readonly keep: () => void;
}

/** R records and stops, Space pauses, M mutes, Esc closes, or keeps where it is asked. */
function onKey(event: KeyboardEvent, recorder: Recorder, { isAsking, close, keep }: KeyActions): void {
  if (event.key === 'Escape') {
    event.preventDefault();
    if (isAsking) keep();
    else close();
    return;
  }
  const { target } = event;
  const isTyping =
    (target instanceof HTMLInputElement && target.type !== 'checkbox') || target instanceof HTMLSelectElement;
  if (isAsking || isTyping || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  const { phase } = recorder.getState();
  const key = event.key.toLowerCase();
  const isRunning = phase === 'recording' || phase === 'paused';
  if (key === 'r' && phase === 'ready') void recorder.record();
  else if (key === 'r' && (isRunning || phase === 'countdown')) void recorder.stop();
  else if (key === 'm') recorder.mute();
  // On a button it presses that button; when a recording begins the focus goes to "Pause".
  else if (key === ' ' && isRunning && !(target instanceof HTMLButtonElement)) {
    if (phase === 'recording') recorder.pause();
    else recorder.resume();
  } else return;
  event.preventDefault();
}
