import { describe, expect, it } from 'vitest';
import type { MediaDetails } from '../protocol/index.js';
import { UploadError } from './errors.js';
import { type MachineEvent, transition } from './machine.js';
import { type MachineState } from './machine-state.js';

const session = { mediaId: 'm', isResumed: false };
const media = (status: MediaDetails['status']): MediaDetails => ({ mediaId: 'm', provider: 'p', status });
const resumable = new UploadError('store-unavailable');
const final = new UploadError('file-changed');

/** One state of each kind that behaves differently. */
const states: Record<string, MachineState> = {
  queued: { status: 'queued', session: undefined, sentBytes: 0 },
  'queued again': { status: 'queued', session, sentBytes: 5 },
  preparing: { status: 'preparing', checkedBytes: 1, waiting: undefined },
  uploading: { status: 'uploading', session, sentBytes: 5, waiting: undefined },
  'paused early': { status: 'paused', session: undefined, sentBytes: 0 },
  paused: { status: 'paused', session, sentBytes: 5 },
  confirming: { status: 'confirming', session, sentBytes: 9, waiting: undefined },
  processing: { status: 'processing', session, sentBytes: 9, receipt: undefined, media: undefined },
  ready: { status: 'ready', session, sentBytes: 9, receipt: undefined, media: media('ready') },
  'failed, resumable': {
    status: 'failed',
    error: resumable,
    session,
    sentBytes: 5,
    receipt: undefined,
    media: undefined,
    cleanup: 'none',
  },
  'failed for good': {
    status: 'failed',
    error: final,
    session,
    sentBytes: 5,
    receipt: undefined,
    media: undefined,
    cleanup: 'done',
  },
  'failed, cleaning': {
    status: 'failed',
    error: final,
    session,
    sentBytes: 5,
    receipt: undefined,
    media: undefined,
    cleanup: 'pending',
  },
  canceled: { status: 'canceled', session, sentBytes: 5, cleanup: 'done' },
  'canceled, cleaning': { status: 'canceled', session, sentBytes: 5, cleanup: 'pending' },
};

const events: Record<string, MachineEvent> = {
  begin: { type: 'begin' },
  checked: { type: 'checked', bytes: 7 },
  session: { type: 'session', session, sentBytes: 0 },
  progress: { type: 'progress', sentBytes: 6 },
  waiting: { type: 'waiting', waiting: { for: 'network' } },
  stored: { type: 'stored' },
  'parts-differ': { type: 'parts-differ', sentBytes: 3 },
  confirmed: { type: 'confirmed', receipt: undefined, mediaId: 'm' },
  'media ready': { type: 'media', media: media('ready') },
  'media processing': { type: 'media', media: media('processing') },
  pause: { type: 'pause' },
  resume: { type: 'resume' },
  cancel: { type: 'cancel', hasRemains: true },
  fail: { type: 'fail', error: final, hasRemains: true },
  retry: { type: 'retry' },
  cleaned: { type: 'cleaned', isDone: true },
};

/** What each event leads to from each state; an event that is not named leaves the very same state. */
const table: Record<string, Record<string, MachineState['status']>> = {
  queued: { begin: 'preparing', pause: 'paused', cancel: 'canceled', fail: 'failed' },
  'queued again': { begin: 'uploading', pause: 'paused', cancel: 'canceled', fail: 'failed' },
  preparing: {
    checked: 'preparing',
    session: 'uploading',
    waiting: 'preparing',
    pause: 'paused',
    cancel: 'canceled',
    fail: 'failed',
  },
  uploading: {
    session: 'uploading',
    progress: 'uploading',
    waiting: 'uploading',
    stored: 'confirming',
    pause: 'paused',
    cancel: 'canceled',
    fail: 'failed',
  },
  'paused early': { resume: 'queued', cancel: 'canceled', fail: 'failed' },
  paused: { progress: 'paused', resume: 'queued', cancel: 'canceled', fail: 'failed' },
  confirming: {
    waiting: 'confirming',
    'parts-differ': 'uploading',
    confirmed: 'processing',
    cancel: 'canceled',
    fail: 'failed',
  },
  processing: { 'media ready': 'ready', 'media processing': 'processing', fail: 'failed' },
  ready: {},
  'failed, resumable': { cancel: 'canceled', retry: 'queued' },
  'failed for good': { retry: 'queued' },
  'failed, cleaning': { cleaned: 'failed' },
  canceled: { retry: 'queued' },
  'canceled, cleaning': { cleaned: 'canceled' },
};

describe.each(Object.keys(states))('an upload that is %s', (name) => {
  it.each(Object.keys(events))(`answers %s in the state "${name}" as the table says`, (eventName) => {
    const state = states[name];
    const event = events[eventName];
    if (!state || !event) throw new Error('not in the table');
    const next = transition(state, event);
    const expected = table[name]?.[eventName];
    if (expected === undefined) expect(next).toBe(state);
    else {
      expect(next).not.toBe(state);
      expect(next.status).toBe(expected);
    }
  });
});

describe('the state that a transition keeps', () => {
  const from = (name: string, event: MachineEvent) => {
    const state = states[name];
    if (!state) throw new Error('no such state');
    return transition(state, event);
  };

  it('keeps the session through pause, resume and begin', () => {
    const paused = from('uploading', { type: 'pause' });
    const again = transition(transition(paused, { type: 'resume' }), { type: 'begin' });
    expect(again).toEqual({ status: 'uploading', session, sentBytes: 5, waiting: undefined });
  });

  it('resumes from where a resumable failure stopped, and from nothing after any other', () => {
    expect(from('failed, resumable', { type: 'retry' })).toEqual({ status: 'queued', session, sentBytes: 5 });
    expect(from('failed for good', { type: 'retry' })).toEqual({
      status: 'queued',
      session: undefined,
      sentBytes: 0,
    });
    expect(from('canceled', { type: 'retry' })).toEqual({
      status: 'queued',
      session: undefined,
      sentBytes: 0,
    });
  });

  it('returns the same state for an event without news', () => {
    const { uploading } = states;
    if (!uploading) throw new Error('no such state');
    expect(transition(uploading, { type: 'progress', sentBytes: 5 })).toBe(uploading);
    expect(transition(uploading, { type: 'waiting', waiting: undefined })).toBe(uploading);
  });
});
