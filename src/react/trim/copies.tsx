import { useEffect, useState, useSyncExternalStore, type CSSProperties, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { FileName } from '../components/file-name.js';
import { Icon } from '../components/icon.js';
import { IconShape } from '../components/icon-shape.js';
import { Poster } from '../components/poster.js';
import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { fileOf } from '../files/items.js';
import { pickFiles } from '../files/pick-files.js';
import { roundTimeLeft, wholePercent } from '../format/index.js';
import { fill } from '../messages/fill.js';
import { rememberLine } from './measured-speeds.js';
import { shrinkJobsOf, type ShrinkJob, type ShrinkJobs, type ShrinkNote } from './shrink-jobs.js';
import { bitRateText, linesText } from './shrink-plan.js';
import { ShrinkQuestion } from './shrink-question.js';
import { cleanUp, followUploads } from './uploaded-copies.js';
import { useTrimStyles } from './use-trim-styles.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';
import type { TrimWords } from '../messages/en-on-demand.js';

/** Films on their way to smaller copies, the question about them, and the care for copies that were made. */
export function Copies(): ReactNode {
  const { shrink } = useWidget();
  const words = useOnDemandWords('trim');
  const jobs = useJobs();
  const { asked, jobs: shown, notes } = useSyncExternalStore(jobs.subscribe, jobs.getState, jobs.getState);
  useTrimStyles();
  if (!words) return null;
  const isTold = shrink?.when === 'always' && shown.some(({ status }) => status !== 'interrupted');
  return (
    <>
      {isTold && <Policy words={words} />}
      {notes.map((note) => (
        <Note key={note.id} note={note} words={words} onDismiss={() => jobs.dismissNote(note.id)} />
      ))}
      {shown.length > 0 && (
        <ul className="vd-cards" role="list" aria-label={words.copies}>
          {shown.map((job) => (
            <JobCard key={job.id} job={job} jobs={jobs} words={words} />
          ))}
        </ul>
      )}
      {asked[0] && (
        <ShrinkQuestion key={asked[0].file.name + asked.length} films={asked} jobs={jobs} words={words} />
      )}
    </>
  );
}

const info = 'M17.25 10a7.25 7.25 0 1 1-14.5 0 7.25 7.25 0 0 1 14.5 0zM10 9.25v4.25M10 6.4v.01';

const closings = new WeakMap<ShrinkJobs, ReturnType<typeof setTimeout>>();

function useJobs(): ShrinkJobs {
  const { uploader, place } = useWidget();
  const jobs = shrinkJobsOf(uploader, place);
  useEffect(() => {
    clearTimeout(closings.get(jobs));
    void jobs.restore();
    cleanUp(uploader, place).catch(() => undefined);
    const stops = [followUploads(uploader), rememberLine(uploader)];
    return () => {
      for (const stop of stops) stop();
      // StrictMode mounts twice.
      closings.set(
        jobs,
        setTimeout(() => jobs.close()),
      );
    };
  }, [jobs, uploader, place]);
  return jobs;
}

function Policy({ words }: { words: TrimWords }): ReactNode {
  const { shrink, format } = useWidget();
  const { maxHeight = 1080, maxBitsPerSecond = 8e6 } = shrink ?? {};
  const lines = linesText(maxHeight, format);
  return (
    <div className="vd-panel vd-note vd-shrink-said" data-vodrop="shrink-policy" role="status">
      <IconShape name="info" path={info} />
      <div className="vd-text">
        <div className="vd-say">
          <bdi>{fill(words.always, { lines })}</bdi>
        </div>
        <div className="vd-why">
          <bdi>{fill(words.alwaysNote, { lines, speed: bitRateText(maxBitsPerSecond, words, format) })}</bdi>
        </div>
      </div>
    </div>
  );
}

function Note({
  note,
  words,
  onDismiss,
}: {
  note: ShrinkNote;
  words: TrimWords;
  onDismiss: () => void;
}): ReactNode {
  const { messages } = useWidget();
  return (
    <div className="vd-panel vd-note vd-shrink-said" data-vodrop="shrink-note" role="status">
      <IconShape name="info" path={info} />
      <div className="vd-text">
        <FileName name={note.fileName} />
        <div className="vd-why">
          <bdi>{`${words.cannotShrink}. ${words.problems[note.problem]}`}</bdi>
        </div>
      </div>
      <Button label={messages.dismiss} icon="x" isIconOnly onClick={onDismiss} />
    </div>
  );
}

interface JobCardProps {
  job: ShrinkJob;
  jobs: ShrinkJobs;
  words: TrimWords;
}

function JobCard({ job, jobs, words }: JobCardProps): ReactNode {
  const { messages, format } = useWidget();
  const { id, fileName, file, status, choice, ratio, sizeBytes, secondsLeft } = job;
  const percent = wholePercent(ratio, 1);
  const isBegun = status === 'shrinking' || status === 'paused';
  const lines = choice && linesText(choice.lines, format);
  const said = {
    waiting: words.waiting,
    shrinking: fill(words.shrinking, { lines }),
    paused: messages.paused,
    interrupted: words.interrupted,
  }[status];
  return (
    <li className="vd-panel vd-row vd-copy" data-vodrop="copy" data-status={status} data-file-name={fileName}>
      <Poster name={fileName} file={file} />
      <div className="vd-text">
        <FileName name={fileName} id={`${id}-title`} />
        <div className="vd-status-line">
          <span className="vd-status">
            {status === 'shrinking' ? (
              <IconShape name="shrink" path={inward} size="small" />
            ) : (
              <Icon name={icons[status]} size="small" />
            )}
            <bdi className="vd-status-text">{said}</bdi>
          </span>
          {isBegun && (
            <span className="vd-narrow">
              <bdi>{format.percent(percent)}</bdi>
            </span>
          )}
          <span className="vd-give">
            <bdi>
              {secondsLeft === undefined
                ? format.bytes(sizeBytes)
                : messages.timeLeft(roundTimeLeft(secondsLeft), format)}
            </bdi>
          </span>
        </div>
        {status === 'interrupted' && (
          <div className="vd-why">
            <bdi>{words.interruptedNote}</bdi>
          </div>
        )}
      </div>
      <div className="vd-end vd-end-words">
        {isBegun && (
          <span className="vd-percent vd-wide" aria-hidden="true">
            {format.percent(percent)}
          </span>
        )}
        {status === 'interrupted' ? (
          <InterruptedButtons job={job} jobs={jobs} words={words} />
        ) : (
          <>
            <Button label={words.sendOriginal} look="line" onClick={() => void jobs.sendOriginal(id)} />
            {isBegun && <PauseButton job={job} jobs={jobs} words={words} />}
            <Button label={messages.cancel} icon="x" isIconOnly onClick={() => void jobs.discard(id)} />
          </>
        )}
      </div>
      {isBegun && (
        <span
          className="vd-line"
          data-tone="calm"
          role="progressbar"
          aria-label={fileName}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
          style={{ '--vd-ratio': String(ratio) } as CSSProperties}
        >
          <span className="vd-line-bar" />
        </span>
      )}
    </li>
  );
}

/** Two arrows that point at each other. */
const inward = 'M16.5 3.5 11.5 8.5M11.5 4.5v4h4M3.5 16.5l5-5M4.5 11.5h4v4';
const icons = { waiting: 'clock', paused: 'pause', interrupted: 'clock' } as const;

function PauseButton({ job, jobs, words }: JobCardProps): ReactNode {
  const { messages, format, announcer } = useWidget();
  const { id, fileName, status, ratio, choice } = job;
  const isPaused = status === 'paused';
  const paused = { names: [fileName], kind: 'video' as const, percent: wholePercent(ratio, 1) };
  const lines = choice && linesText(choice.lines, format);
  return (
    <Button
      label={isPaused ? messages.resume : messages.pause}
      icon={isPaused ? 'play' : 'pause'}
      isIconOnly
      onClick={() => {
        jobs.setPaused(id, !isPaused);
        announcer.say(
          isPaused ? fill(words.shrinking, { lines }) : messages.sayPaused(paused, format),
          'prompt',
        );
      }}
    />
  );
}

/** The film of an earlier visit: opened again by the browser or chosen, it goes the same way as one that is dropped. */
function InterruptedButtons({ job: { id, isKept }, jobs, words }: JobCardProps): ReactNode {
  const { messages, addFiles, uploader, accept, announcer } = useWidget();
  const [hasToChoose, setHasToChoose] = useState(!isKept);
  const open = async () => {
    const kept = hasToChoose ? undefined : await jobs.open(id);
    if (kept || !hasToChoose) {
      if (!kept) setHasToChoose(true);
      return kept;
    }
    const [picked] = await pickFiles({ accept: inputAccept(accept) });
    if (!picked || jobs.isSame(id, fileOf(picked))) return picked;
    announcer.say(words.wrongFile, 'assertive');
    return undefined;
  };
  const go = async (how: 'original' | 'again') => {
    const item = await open();
    if (!item) return;
    if (how === 'original') await uploader.add([item]);
    else await addFiles([item]);
    await jobs.discard(id);
  };
  return (
    <>
      <Button label={messages.discard} onClick={() => void jobs.discard(id)} />
      {hasToChoose ? (
        <Button label={words.chooseAgain} look="fill" onClick={() => void go('again')} />
      ) : (
        <>
          <Button label={words.sendOriginal} look="line" onClick={() => void go('original')} />
          <Button label={words.shrinkAgain} look="fill" onClick={() => void go('again')} />
        </>
      )}
    </>
  );
}
