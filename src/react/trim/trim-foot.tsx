import { useState, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { Button } from '../components/button.js';
import { useWidget } from '../context.js';
import { fill } from '../messages/fill.js';
import { canTrim } from './can-trim.js';
import { percentOfCut, type TrimView } from './trim-view.js';

interface TrimFootProps {
  view: TrimView;
  upload: UploadSnapshot;
  onBack: (() => void) | undefined;
}

/** What the cut does, the question before something sent is given up, and the progress while it is made. */
export function TrimFoot({ view, upload, onBack }: TrimFootProps): ReactNode {
  // What would be sent for nothing.
  const { sentBytes } = upload;
  const [isAsking, setIsAsking] = useState(false);
  const { words, state, isCut, apply, reset } = view;
  if (state.phase === 'cutting') return <Cutting view={view} />;
  const isTooLate = !canTrim(upload) && state.phase === 'ready';
  if (isAsking && !isTooLate)
    return <SentQuestion view={view} sentBytes={sentBytes} onKeep={() => setIsAsking(false)} />;
  const found = state.phase === 'ready' ? state.problem : undefined;
  const problem = isTooLate ? words.tooLate : found && words.problems[found];
  // Why nothing can be cut stands above.
  const note = state.phase === 'problem' ? undefined : words.notChanged;
  return (
    <div className="vd-dialog-foot">
      <div
        className="vd-dialog-note"
        data-tone={problem ? 'bad' : undefined}
        role={problem ? 'alert' : undefined}
      >
        <bdi>{problem ?? note}</bdi>
      </div>
      {onBack && <Button label={words.back} onClick={onBack} />}
      <Button label={words.reset} disabled={!isCut} onClick={reset} />
      <Button
        label={words.apply}
        look="fill"
        disabled={!isCut || isTooLate || state.phase !== 'ready'}
        onClick={() => {
          if (sentBytes > 0) setIsAsking(true);
          else apply();
        }}
      />
    </div>
  );
}

function SentQuestion({
  view: { words, apply },
  sentBytes,
  onKeep,
}: {
  view: TrimView;
  sentBytes: number;
  onKeep: () => void;
}): ReactNode {
  const { messages, format } = useWidget();
  const question = fill(words.sentQuestion, { size: format.bytes(sentBytes) });
  return (
    <div className="vd-dialog-foot" role="alertdialog" aria-label={question}>
      <div className="vd-say vd-dialog-note">
        <bdi>{question}</bdi>
      </div>
      <Button label={messages.keep} look="line" autoFocus onClick={onKeep} />
      <Button
        label={words.sendAnew}
        look="fill"
        onClick={() => {
          onKeep();
          apply();
        }}
      />
    </div>
  );
}

function Cutting({ view: { words, state, cancel } }: { view: TrimView }): ReactNode {
  const { messages, format } = useWidget();
  const percent = percentOfCut(state);
  return (
    <div className="vd-dialog-foot">
      <div className="vd-dialog-note">
        <bdi>{words.cutting}</bdi> <bdi>{format.percent(percent)}</bdi>
        <span
          className="vd-trim-progress"
          role="progressbar"
          aria-label={words.cutting}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          <span style={{ inlineSize: `${percent}%` }} />
        </span>
      </div>
      <Button label={messages.cancel} look="line" onClick={cancel} />
    </div>
  );
}
