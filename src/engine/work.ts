import { loadLinks } from './chunks/links.js';
import { loadNotes } from './chunks/notes.js';
import { confirm as confirmUpload } from './effects/confirm.js';
import { prepare as prepareUpload } from './effects/prepare.js';
import { sendFile, type Sent } from './effects/send.js';
import { waitForFile } from './effects/wait-for-file.js';
import { isNotOurs, UploadError } from './errors.js';
import type { UploadJob } from './job.js';
import { loadCode } from './load-code.js';
import type { MachineState } from './machine-state.js';
import { wantsNotes } from './notes/wants-notes.js';
import { abortReason } from './retry/abort.js';

/** How often an upload that the store has forgotten begins anew by itself. */
const maxRestarts = 3;

/** Does the work of a status, and dispatches the result. */
export async function perform(
  job: UploadJob,
  status: MachineState['status'],
  signal: AbortSignal,
): Promise<void> {
  switch (status) {
    case 'preparing':
      return job.info.source ? importLink(job, signal) : prepare(job, signal);
    case 'uploading':
      // What the cloud pulls is not sent from here.
      return job.info.source ? job.dispatch({ type: 'stored' }) : upload(job, signal);
    case 'confirming':
      return job.info.source ? followImport(job, signal) : confirm(job, signal);
    case 'processing':
      return job.remember('processing');
    case 'canceled':
      return cleanUp(job, 'canceled');
    case 'failed':
      return job.state.status === 'failed' && job.state.cleanup === 'pending'
        ? cleanUp(job, 'failed')
        : finalize(job);
    case 'ready':
      return finalize(job);
    case 'queued':
    case 'paused':
      return;
    default:
      return status satisfies never;
  }
}

async function importLink(job: UploadJob, signal: AbortSignal): Promise<void> {
  const { importLink } = await loadCode(loadLinks, job.context.ports, signal, job.onWaiting);
  if (!signal.aborted) await importLink(job, signal);
}

async function followImport(job: UploadJob, signal: AbortSignal): Promise<void> {
  const { followImport } = await loadCode(loadLinks, job.context.ports, signal, job.onWaiting);
  if (!signal.aborted) await followImport(job, signal);
}

async function prepare(job: UploadJob, signal: AbortSignal): Promise<void> {
  while (!job.session || job.attempt.earlier) {
    try {
      await start(job, signal);
    } catch (error) {
      await afterUnreadable(error, job, signal);
    }
    if (signal.aborted) return;
  }
  if (!signal.aborted) job.dispatchSession(job.attempt.needSession());
}

async function start(job: UploadJob, signal: AbortSignal): Promise<void> {
  const { info, attempt, attachments, context, options, handle, onWaiting } = job;
  const { path, metadata } = info;
  const file = needFile(job);
  job.isStarting = true;
  try {
    const { session, entry } = await prepareUpload({
      id: () => attempt.record.id,
      ...{ file, handle, path, metadata, context, signal, onWaiting, attachments, options },
      lifetime: job.lifetime,
      onChecked: (bytes) => job.dispatch({ type: 'checked', bytes }),
      isFileDoubtful: job.failedReadings > 0,
      asked: attempt.asked,
      adder: job.adder,
      replaces: attempt.endedTicket,
      earlier: attempt.earlier,
      onAbandon: (isLeft) => attempt.abandon(isLeft),
    });
    attempt.begin(session, entry);
    job.keepAttachments();
    job.keepDetails();
    // Its age counts from now on; and a pause during the start is kept.
    if (session.isResumed || signal.aborted) void job.remember('uploading');
    job.changed();
  } finally {
    job.isStarting = false;
  }
}

async function upload(job: UploadJob, signal: AbortSignal): Promise<void> {
  // Restored without its file: only the confirmation is missing, or the file has to be chosen again.
  if (!job.file) return goOnWithoutFile(job);
  for (;;) {
    try {
      const sent = await send(job, signal);
      if (sent.outcome === 'restarted') await restart(job, sent);
      if (job.state.status === 'paused') return;
      if (sent.outcome === 'stored') break;
    } catch (error) {
      if (isForgotten(error) && job.restarts < maxRestarts && !signal.aborted) return beginAnew(job);
      await afterUnreadable(error, job, signal);
    }
  }
  // The service reads the cover at the confirmation of the video: attachments come before the confirmation.
  await job.attachments.sendAll(job.attempt.needSession(), signal);
  if (!signal.aborted) job.dispatch({ type: 'stored' });
}

async function send(job: UploadJob, signal: AbortSignal): Promise<Sent> {
  const { info, attempt, context, onWaiting } = job;
  const session = attempt.needSession();
  const { progress } = session;
  const drain = new AbortController();
  job.drain = drain;
  const onProgress = () => job.dispatch({ type: 'progress', sentBytes: progress.sentBytes });
  onProgress();
  try {
    return await sendFile({
      uploadId: info.id,
      file: needFile(job),
      draining: drain.signal,
      ...{ session, context, signal, onWaiting, onProgress },
      onStored: (part) => {
        job.failedReadings = 0;
        void attempt.record.putPart(part);
      },
    });
  } catch (error) {
    // What goes wrong while a pause finishes parts is found again by the next attempt.
    throw drain.signal.aborted ? abortReason(drain.signal) : error;
  } finally {
    if (job.drain === drain) job.drain = undefined;
    if (drain.signal.aborted) {
      // A pause gives back what was only on its way.
      onProgress();
      job.changed();
    }
  }
}

/** Waits until the file can be read again; rethrows what is no trouble with the file. */
async function afterUnreadable(error: unknown, job: UploadJob, signal: AbortSignal): Promise<void> {
  if (!(error instanceof UploadError) || error.code !== 'file-unreadable' || !job.file) throw error;
  await waitForFile(job, signal);
}

async function goOnWithoutFile(job: UploadJob): Promise<void> {
  if (!job.attempt.needSession().progress.isPending) return job.dispatch({ type: 'stored' });
  await job.remember('uploading');
  const { entry } = job.attempt.record;
  if (entry) job.fileNeeded(entry);
}

/** The endpoint has restarted the transfer: what was stored, attachments too, does not belong to it. */
async function restart(
  job: UploadJob,
  { session, attachments }: Extract<Sent, { outcome: 'restarted' }>,
): Promise<void> {
  job.attempt.use(session);
  job.attachments.reset();
  job.attachments.accept(attachments);
  await job.attempt.record.replace(session);
  await job.remember('uploading');
  job.dispatchSession(session);
}

function isForgotten(error: unknown): boolean {
  return error instanceof UploadError && error.code === 'upload-not-found';
}

/** The store has removed the parts: no decision is needed, because the file is there. */
async function beginAnew(job: UploadJob): Promise<void> {
  job.restarts += 1;
  await job.discard('failed').catch(() => job.attempt.record.delete());
  job.beginAgain();
  job.dispatch({ type: 'begin-anew' });
}

async function confirm(job: UploadJob, signal: AbortSignal): Promise<void> {
  const session = job.attempt.needSession();
  await job.remember('finishing');
  const { context, onWaiting } = job;
  const { record } = job.attempt;
  const answer = await confirmUpload({ session, record, context, signal, onWaiting });
  if (answer.outcome === 'parts-differ') {
    await job.remember('uploading');
    if (answer.error) throw answer.error;
    return job.dispatch({ type: 'parts-differ', sentBytes: session.progress.sentBytes });
  }
  const { receipt, mediaId } = answer;
  job.dispatch({ type: 'confirmed', receipt, mediaId });
  void rememberSent(job);
}

/** So that the same video is noticed when it is added again. */
async function rememberSent({ context, info, attempt }: UploadJob): Promise<void> {
  const { fingerprint } = attempt;
  if (!fingerprint || !wantsNotes(context.options)) return;
  const code = await loadCode(loadNotes, context.ports).catch(() => undefined);
  code?.sentBefore(context).remember(fingerprint, info.id);
}

async function cleanUp(job: UploadJob, status: 'canceled' | 'failed'): Promise<void> {
  const { session } = job;
  const { record } = job.attempt;
  // The call that was under way has confirmed it: what was canceled too late is there, and is said to be there.
  if (session?.confirmation && status === 'canceled') {
    session.reopen();
    return job.dispatch({ type: 'too-late', confirmed: session.confirmation });
  }
  if (!session || session.isConfirmed) {
    await record.delete();
    return job.dispatch({ type: 'cleaned', isDone: !session });
  }
  try {
    await job.discard(status);
    job.dispatch({ type: 'cleaned', isDone: true });
  } catch (error) {
    // A finish call whose answer was lost has gone through: the repeat brings the answer. Or the store has the whole
    // file and keeps it, or the cloud pulls the video already and does not stop.
    if ((session.mayHaveFinished || session.progress.isComplete || job.info.source) && isClosed(error)) {
      session.reopen();
      return job.dispatch({ type: 'too-late' });
    }
    // Refused for good: what is left at the store is out of reach, and the upload cannot be resumed.
    if (error instanceof UploadError && !error.isResumable) await record.delete();
    job.dispatch({ type: 'cleaned', isDone: false });
  }
}

function isClosed(error: unknown): boolean {
  return error instanceof UploadError && error.code === 'media-state-conflict';
}

/** An end was reached, and nothing is left to resume. A resumable failure keeps its record. */
async function finalize({ state, attempt }: UploadJob): Promise<void> {
  if (state.status === 'failed') {
    if (state.error.isResumable) return;
    // One that never began keeps its id: when its person is back, the endpoint finds by it what a lost answer was about.
    if (isNotOurs(state.error.code)) return attempt.session && attempt.leave();
  }
  await attempt.record.delete();
}

function needFile({ file }: UploadJob): File {
  if (!file) throw new UploadError('internal', { detail: 'the file has to be chosen again' });
  return file;
}
