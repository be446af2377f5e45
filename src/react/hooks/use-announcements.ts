import { useEffect, useRef } from 'react';
import type { Uploader, UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';
import type { UploadEvent } from '../stores/diff-uploads.js';
import { findUpload } from '../stores/snapshot-index.js';
import { useWidget, type WidgetContext } from '../context.js';
import { wholePercent } from '../format/index.js';
import { failureText } from '../messages/index.js';
import { useSnapshotChanges } from './use-upload-events.js';
import { countedBytes } from './row-rules.js';
import { pendingEndsOf, withoutCanceled } from '../stores/pending-ends.js';
import { undoQueueOf } from '../stores/undo.js';
import { sumUp } from './use-total.js';

const quarters = [75, 50, 25];
const groupMs = 5000;
const offlineAfterMs = 3000;

/** Says what a person who does not see the list has to know: beginnings, quarters, ends, and what needs them. */
export function useAnnouncements(since?: UploaderSnapshot): void {
  const widget = useWidget();
  const { uploader, announcer, messages, format } = widget;
  const state = useRef({
    quarter: 0,
    ready: [] as string[],
    removed: [] as string[],
    failedAt: -Infinity,
    failed: 0,
    timers: new Set<ReturnType<typeof setTimeout>>(),
    isOffline: false,
  });

  useEffect(() => {
    const { timers } = state.current;
    return () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    };
  }, []);

  const later = (run: () => void, ms: number) => {
    const { timers } = state.current;
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };

  useSnapshotChanges(
    uploader,
    (previous, next, events) => {
      const of = (type: UploadEvent['type']) =>
        events.filter((event) => event.type === type).map(({ upload }) => upload);
      const total = sumUp(withoutCanceled(uploader, next));
      const now = () => uploader.getSnapshot();

      sayFailures(of('failed'), state.current, widget, later);
      sayRejections(previous, next, widget);
      // What is about to end is paused for it; its end was announced when it began.
      const paused = of('paused').filter(({ id }) => !isEnding(uploader, id));
      sayPauses(paused, of('resumed'), widget);
      sayCanceled(notAnnounced(uploader, 'cancel', of('canceled')), widget);
      sayRemoved(notAnnounced(uploader, 'remove', removedIn(previous, next)), state.current, widget, later);
      if (of('start').length)
        announcer.say(
          messages.totalUploading({ count: total.unfinished, kind: widget.kind }, format),
          'polite',
          () => sumUp(now()).phase === 'uploading',
        );
      sayQuarter(total, state.current, widget);
      sayReady(of('ready'), state.current, widget);
      if (startsWaiting(previous, next, 'sign-in')) announcer.say(messages.waitingSignIn, 'assertive');
      if (startsWaiting(previous, next, 'file')) announcer.say(messages.waitingFile, 'assertive');
      if (startsToBeTooLate(previous, next)) announcer.say(messages.tooLateToCancel, 'assertive');
      if (startsWaiting(previous, next, 'network')) {
        later(() => {
          if (!isWaiting(uploader.getSnapshot(), 'network') || state.current.isOffline) return;
          state.current.isOffline = true;
          announcer.say(messages.sayOffline, 'polite', () => isWaiting(now(), 'network'));
        }, offlineAfterMs);
      }
      const moved = changedOwner(previous, next);
      if (moved) announcer.say(moved === 'this' ? messages.sayThisTab : messages.sayOtherTab);
      if (state.current.isOffline && !isWaiting(next, 'network')) {
        state.current.isOffline = false;
        announcer.say(messages.sayOnline, 'polite', () => !isWaiting(now(), 'network'));
      }
    },
    since,
  );
}

const isEnding = (uploader: Uploader, id: string) => pendingEndsOf(uploader).getSnapshot().has(id);

/** Without those whose end was announced when it began. */
const notAnnounced = (uploader: Uploader, kind: 'cancel' | 'remove', uploads: readonly UploadSnapshot[]) =>
  uploads.filter(({ id }) => !undoQueueOf(uploader).wasAnnounced(kind, id));

interface State {
  quarter: number;
  ready: string[];
  removed: string[];
  failedAt: number;
  failed: number;
}

function sayRejections(
  previous: UploaderSnapshot,
  { rejections, checkedFileCount }: UploaderSnapshot,
  { announcer, messages, format }: WidgetContext,
): void {
  if (rejections !== previous.rejections && rejections.length)
    announcer.say(messages.rejected({ count: rejections.length, of: checkedFileCount }, format), 'prompt');
}

function sayQuarter(
  { storedBytes, sizeBytes, phase }: ReturnType<typeof sumUp>,
  state: State,
  { uploader, announcer, messages, format }: WidgetContext,
): void {
  const percent = wholePercent(storedBytes, sizeBytes);
  const quarter = quarters.find((mark) => percent >= mark) ?? 0;
  // New files push the total back; a quarter that was said is said again only when it is reached again.
  if (quarter > state.quarter && phase === 'uploading')
    announcer.say(
      messages.sayPercent(quarter, format),
      'polite',
      () => sumUp(uploader.getSnapshot()).phase === 'uploading' && state.quarter === quarter,
    );
  state.quarter = quarter;
}

/** Names pile up while other words keep the polite region busy, so the newest sentence carries all of them. */
function sayReady(
  uploads: UploadSnapshot[],
  state: State,
  { announcer, messages, format, kind }: WidgetContext,
): void {
  if (!uploads.length) return;
  const names = namesOf(uploads);
  state.ready = announcer.isBusy ? [...state.ready, ...names] : names;
  announcer.say(messages.sayReady({ names: state.ready, kind }, format));
}

const namesOf = (uploads: readonly UploadSnapshot[]) => uploads.map(({ fileName }) => fileName);

/** What the person has paused and resumed, by name where it is one. */
function sayPauses(
  paused: readonly UploadSnapshot[],
  resumed: readonly UploadSnapshot[],
  { announcer, messages, format, kind }: WidgetContext,
): void {
  if (paused.length) {
    const [only] = paused.length === 1 ? paused : [];
    const percent = only && wholePercent(countedBytes(only), only.sizeBytes);
    announcer.say(messages.sayPaused({ names: namesOf(paused), kind, percent }, format), 'prompt');
  }
  if (resumed.length) announcer.say(messages.sayResumed({ names: namesOf(resumed), kind }, format), 'prompt');
}

function sayCanceled(
  uploads: readonly UploadSnapshot[],
  { announcer, messages, format, kind }: WidgetContext,
): void {
  if (uploads.length)
    announcer.say(messages.sayCanceled({ names: namesOf(uploads), kind }, format), 'prompt');
}

/** Together those that leave together: a list that is cleared changes once for each row. */
function sayRemoved(
  uploads: readonly UploadSnapshot[],
  state: State,
  { announcer, messages, format, kind }: WidgetContext,
  later: (run: () => void, ms: number) => void,
): void {
  if (!uploads.length) return;
  const isFirst = state.removed.length === 0;
  state.removed.push(...namesOf(uploads));
  if (!isFirst) return;
  later(() => {
    announcer.say(messages.sayRemoved({ names: state.removed, kind }, format), 'prompt');
    state.removed = [];
  }, 0);
}

/** Rows that are gone. Only a shorter list is searched: lists get long. */
function removedIn(previous: UploaderSnapshot, next: UploaderSnapshot): readonly UploadSnapshot[] {
  if (next.uploads.length >= previous.uploads.length) return [];
  return previous.uploads.filter(({ id }) => !findUpload(next, id));
}

/** The first at once; those that follow within 5 s in one sentence. */
function sayFailures(
  uploads: UploadSnapshot[],
  state: State,
  { announcer, messages, format, kind }: WidgetContext,
  later: (run: () => void, ms: number) => void,
): void {
  for (const upload of uploads) {
    const what = upload.error ? failureText(messages, upload.error.code).what : '';
    if (Date.now() - state.failedAt >= groupMs && state.failed === 0) {
      state.failedAt = Date.now();
      announcer.say(messages.sayFailed({ name: upload.fileName, what }), 'assertive');
      continue;
    }
    state.failed += 1;
    if (state.failed > 1) continue;
    later(
      () => {
        announcer.say(messages.sayFailedMany({ count: state.failed, kind }, format), 'assertive');
        state.failed = 0;
        state.failedAt = Date.now();
      },
      state.failedAt + groupMs - Date.now(),
    );
  }
}

/** Who moves the bytes now of an upload that went on in the other tab, or came from there. */
function changedOwner(
  previous: UploaderSnapshot,
  next: UploaderSnapshot,
): UploadSnapshot['owner'] | undefined {
  return next.uploads.find((upload, index) => {
    const same = previous.uploads[index];
    const before = same?.id === upload.id ? same : findUpload(previous, upload.id);
    return before !== undefined && before.owner !== upload.owner && upload.status !== 'ready';
  })?.owner;
}

const startsToBeTooLate = (previous: UploaderSnapshot, next: UploaderSnapshot) =>
  next.uploads.some(
    ({ id, isTooLateToCancel }) => isTooLateToCancel && !findUpload(previous, id)?.isTooLateToCancel,
  );

type Reason = NonNullable<UploadSnapshot['waiting']>['for'];
const isWaiting = ({ uploads }: UploaderSnapshot, reason: Reason) =>
  uploads.some(({ waiting }) => waiting?.for === reason);
const startsWaiting = (previous: UploaderSnapshot, next: UploaderSnapshot, reason: Reason) =>
  isWaiting(next, reason) && !isWaiting(previous, reason);
