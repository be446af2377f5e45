import { useEffect, useRef, useState } from 'react';
import type { Uploader, UploadSnapshot, UploaderSnapshot } from '../../engine/index.js';
import { diffUploads, type UploadEvent } from '../stores/diff-uploads.js';
import { beforeIn, findUpload } from '../stores/snapshot-index.js';
import { useWidget, type WidgetContext } from '../context.js';
import { wholePercent } from '../format/index.js';
import { failureText } from '../messages/index.js';
import { useSnapshotChanges } from './use-upload-events.js';
import { countedBytes } from './row-rules.js';
import { pendingEndsOf, withoutCanceled } from '../stores/pending-ends.js';
import { isWaitingToEnd, undoCode } from '../stores/undo-code.js';
import { percentOfTotal, sumUp, type Total } from './use-total.js';

const quarters = [75, 50, 25];
const groupMs = 5000;
const offlineAfterMs = 3000;

/** Says what a person who does not see the list has to know: beginnings, quarters, ends, and what needs them. */
export function useAnnouncements(since?: UploaderSnapshot): void {
  const widget = useWidget();
  const { uploader, announcer, messages, format } = widget;
  const state = useRef({
    quarter: 0,
    ready: { names: [] as string[], saidAt: -Infinity },
    removed: { names: [] as string[], saidAt: -Infinity },
    failedAt: -Infinity,
    isFailing: false,
    isOffline: false,
  });

  const later = useLater();

  useSnapshotChanges(
    uploader,
    (previous, next) => {
      const events = diffUploads(previous, next);
      const of = (type: UploadEvent['type']) =>
        events.filter((event) => event.type === type).map(({ upload }) => upload);
      const total = sumUp(withoutCanceled(uploader, next));
      const now = () => uploader.getSnapshot();

      sayFailures(of('failed'), state.current, widget, later);
      sayRejections(previous, next, widget);
      // What is about to end is paused for it; its end is announced when it begins.
      const paused = of('paused').filter(({ id }) => !isEnding(uploader, id));
      sayPauses(paused, of('resumed'), widget);
      sayCanceled(notAnnounced(uploader, 'cancel', of('canceled')), widget);
      const { kind } = widget;
      const { ready, removed } = state.current;
      // A list that is cleared changes once for each row.
      sayTogether(notAnnounced(uploader, 'remove', removedIn(previous, next)), removed, later, {
        everyMs: 0,
        say: (names) => announcer.say(messages.sayRemoved({ names, kind }, format), 'prompt'),
      });
      if (of('start').length)
        announcer.say(
          () => messages.totalUploading({ count: sumUp(now()).unfinished, kind }, format),
          'polite',
          () => sumUp(now()).phase === 'uploading',
        );
      sayQuarter(total, state.current, widget);
      sayTogether(of('ready'), ready, later, {
        everyMs: groupMs,
        say: (names) => announcer.say(messages.sayReady({ names, kind }, format), 'prompt'),
      });
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

/** Timers that end with the component. */
function useLater(): (run: () => void, ms: number) => void {
  const [timers] = useState(() => new Set<ReturnType<typeof setTimeout>>());
  useEffect(
    () => () => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
    [timers],
  );
  return (run, ms) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, ms);
    timers.add(timer);
  };
}

const isEnding = (uploader: Uploader, id: string) =>
  pendingEndsOf(uploader).getSnapshot().has(id) || isWaitingToEnd(uploader, id);

/** Without those whose end was announced when it began. */
const notAnnounced = (uploader: Uploader, kind: 'cancel' | 'remove', uploads: readonly UploadSnapshot[]) =>
  uploads.filter(({ id }) => !undoCode.peek()?.undoQueueOf(uploader).wasAnnounced(kind, id));

interface Pile {
  names: string[];
  saidAt: number;
}

interface State {
  quarter: number;
  failedAt: number;
  isFailing: boolean;
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
  total: Total,
  state: State,
  { uploader, announcer, messages, format }: WidgetContext,
): void {
  const { phase } = total;
  const percent = percentOfTotal(total);
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

/** One sentence for those that come together: at once, and those that follow within `everyMs` after that. */
function sayTogether(
  uploads: readonly UploadSnapshot[],
  pile: Pile,
  later: (run: () => void, ms: number) => void,
  { everyMs, say }: { everyMs: number; say: (names: readonly string[]) => void },
): void {
  if (!uploads.length) return;
  const isFirst = pile.names.length === 0;
  pile.names.push(...namesOf(uploads));
  if (!isFirst) return;
  later(
    () => {
      say(pile.names);
      pile.names = [];
      pile.saidAt = Date.now();
    },
    pile.saidAt + everyMs - Date.now(),
  );
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

/** Rows that are gone. Only a shorter list is searched: lists get long. */
function removedIn(previous: UploaderSnapshot, next: UploaderSnapshot): readonly UploadSnapshot[] {
  if (next.uploads.length >= previous.uploads.length) return [];
  return previous.uploads.filter(({ id }) => !findUpload(next, id));
}

/** The first at once, by its name; after 5 s, if others have followed, how many need attention then. */
function sayFailures(
  uploads: UploadSnapshot[],
  state: State,
  { uploader, announcer, messages, format, kind }: WidgetContext,
  later: (run: () => void, ms: number) => void,
): void {
  for (const upload of uploads) {
    if (state.isFailing) return;
    const waitMs = state.failedAt + groupMs - Date.now();
    if (waitMs <= 0) {
      const what = upload.error ? failureText(messages, upload.error.code).what : '';
      state.failedAt = Date.now();
      announcer.say(messages.sayFailed({ name: upload.fileName, what }), 'assertive');
      continue;
    }
    state.isFailing = true;
    later(() => {
      state.isFailing = false;
      state.failedAt = Date.now();
      const { length } = sumUp(uploader.getSnapshot()).failedIds;
      if (length) announcer.say(messages.sayFailedMany({ count: length, kind }, format), 'assertive');
    }, waitMs);
  }
}

/** Who moves the bytes now of an upload that went on in the other tab, or came from there. */
function changedOwner(
  previous: UploaderSnapshot,
  next: UploaderSnapshot,
): UploadSnapshot['owner'] | undefined {
  const beforeOf = beforeIn(previous);
  return next.uploads.find((upload, index) => {
    const before = beforeOf(upload, index);
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
