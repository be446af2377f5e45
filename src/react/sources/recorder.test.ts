// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Recorder, type RecorderState } from './recorder.js';
import type { RecordingFiles, RecordingFolder, RecordingInfo } from './recording-files.js';

/** A track that can be pulled out. */
class FakeTrack extends EventTarget {
  enabled = true;
  readyState = 'live';
  readonly kind: 'video' | 'audio';
  constructor(kind: 'video' | 'audio') {
    super();
    this.kind = kind;
  }
  getSettings = () => ({ width: 640, height: 360, frameRate: 30, deviceId: `${this.kind}-1` });
  stop = () => {
    this.readyState = 'ended';
  };
  pullOut() {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }
}

class FakeStream {
  readonly tracks: FakeTrack[];
  constructor(tracks: FakeTrack[]) {
    this.tracks = tracks;
  }
  getTracks = () => this.tracks;
  getVideoTracks = () => this.tracks.filter(({ kind }) => kind === 'video');
  getAudioTracks = () => this.tracks.filter(({ kind }) => kind === 'audio');
}

/** Gives a chunk when it is told to. */
class FakeMediaRecorder extends EventTarget {
  static latest: FakeMediaRecorder;
  static isTypeSupported = () => true;
  state = 'inactive';
  constructor() {
    super();
    FakeMediaRecorder.latest = this;
  }
  start() {
    this.state = 'recording';
  }
  pause() {
    this.state = 'paused';
  }
  resume() {
    this.state = 'recording';
  }
  requestData() {
    this.give('flushed');
  }
  stop() {
    this.state = 'inactive';
    this.give('end');
    this.dispatchEvent(new Event('stop'));
  }
  give(text: string) {
    this.dispatchEvent(Object.assign(new Event('dataavailable'), { data: new Blob([text]) }));
  }
}

/** A disk that takes so many chunks. */
function fakeFiles(room = Infinity) {
  const stored: Blob[] = [];
  const removed: string[] = [];
  let isReleased = false;
  const create = (info: RecordingInfo) =>
    Promise.resolve({
      info,
      append: (chunk: Blob) => {
        if (stored.length >= room) return Promise.reject(new DOMException('full', 'QuotaExceededError'));
        stored.push(chunk);
        return Promise.resolve();
      },
      read: () => Promise.resolve(new Blob(stored, { type: 'video/webm' })),
      createWhole: () => Promise.reject(new Error('no room for a copy')),
      release: () => {
        isReleased = true;
      },
    } as unknown as RecordingFolder);
  const files = {
    create,
    remove: (id: string) => {
      removed.push(id);
      return Promise.resolve();
    },
  } as unknown as RecordingFiles;
  return { files, stored, removed, isReleased: () => isReleased };
}

const camera = () => new FakeStream([new FakeTrack('video'), new FakeTrack('audio')]);
let granted = camera();
let plugged: readonly { readonly kind: string; readonly deviceId: string }[] = [];
const getUserMedia = vi.fn<(constraints: unknown) => Promise<unknown>>();

beforeEach(() => {
  granted = camera();
  plugged = [];
  getUserMedia.mockClear();
  getUserMedia.mockImplementation(() => Promise.resolve(granted));
  vi.stubGlobal('MediaRecorder', FakeMediaRecorder);
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('navigator', {
    mediaDevices: Object.assign(new EventTarget(), {
      getUserMedia,
      getDisplayMedia: () => Promise.resolve(granted),
      enumerateDevices: () => Promise.resolve(plugged),
    }),
    storage: { estimate: () => Promise.resolve({ quota: 1e12, usage: 0 }) },
    permissions: { query: () => Promise.resolve({ state: 'denied' }) },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function recorderWith(files: RecordingFiles | undefined, kind: 'camera' | 'screen' = 'camera') {
  return new Recorder({ kind, files, mimeType: 'video/webm', newId: () => 'one' });
}

/** Resolves once the recorder has come to that phase. */
function comesTo(recorder: Recorder, phase: RecorderState['phase']): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (recorder.getState().phase === phase) resolve();
    };
    recorder.subscribe(look);
    look();
  });
}

const textOf = async (recorder: Recorder) => recorder.getState().result?.file.text();

it('keeps what was recorded until the camera was pulled out, and says so', async () => {
  const { files, stored } = fakeFiles();
  const recorder = recorderWith(files);
  await recorder.look();
  await recorder.record();
  FakeMediaRecorder.latest.give('first ');
  granted.tracks[0]?.pullOut();
  await comesTo(recorder, 'done');
  expect(recorder.getState().notice).toBe('camera-lost');
  expect(await textOf(recorder)).toBe('first end');
  expect(stored).toHaveLength(2);
});

it('goes on with the picture when the microphone was pulled out', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  granted.tracks[1]?.pullOut();
  expect(recorder.getState()).toMatchObject({ phase: 'recording', notice: 'microphone-lost' });
  await recorder.close();
});

it('opens the camera again, without it, when the microphone was pulled out before anything was recorded', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look({ cameraId: 'c', microphoneId: 'm' });
  const [, microphone] = granted.tracks;
  granted = new FakeStream([new FakeTrack('video')]);
  microphone?.pullOut();
  await comesTo(recorder, 'ready');
  expect(recorder.getState()).toMatchObject({ notice: undefined, chosen: { cameraId: 'c' } });
  expect(recorder.getState().capture?.microphone).toBeUndefined();
  expect(getUserMedia.mock.lastCall?.[0]).toMatchObject({ video: { deviceId: { exact: 'c' } }, audio: {} });
});

it.each(['camera', 'screen'] as const)('lets go of the microphone when the %s ended first', async (kind) => {
  const recorder = recorderWith(fakeFiles().files, kind);
  const microphone = new FakeTrack('audio');
  const picture = new FakeTrack('video');
  granted = new FakeStream(kind === 'camera' ? [picture, microphone] : [picture]);
  if (kind === 'screen') getUserMedia.mockResolvedValue(new FakeStream([microphone]));
  recorder.setCountdown(3);
  await recorder.look();
  void recorder.record();
  await comesTo(recorder, 'countdown');
  picture.pullOut();
  expect(recorder.getState().phase).toBe(kind === 'camera' ? 'problem' : 'ready');
  expect(microphone.readyState).toBe('ended');
});

it('offers a camera that is plugged in while the dialog is open', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  expect(recorder.getState().devices).toEqual([]);
  plugged = [{ kind: 'videoinput', deviceId: 'second' }];
  navigator.mediaDevices.dispatchEvent(new Event('devicechange'));
  await vi.waitFor(() => {
    expect(recorder.getState().devices).toEqual(plugged);
  });
  await recorder.close();
});

it('takes the end of a screen share, by the button of the browser, as the end of the recording', async () => {
  const recorder = recorderWith(fakeFiles().files, 'screen');
  await recorder.look({ microphoneId: '' });
  await recorder.record();
  FakeMediaRecorder.latest.give('screen ');
  granted.tracks[0]?.pullOut();
  await comesTo(recorder, 'done');
  expect(recorder.getState().notice).toBeUndefined();
  expect(await textOf(recorder)).toBe('screen end');
});

it('stops when the disk is full, and loses nothing of what was recorded', async () => {
  const recorder = recorderWith(fakeFiles(1).files);
  await recorder.look();
  await recorder.record();
  FakeMediaRecorder.latest.give('first ');
  FakeMediaRecorder.latest.give('second ');
  await comesTo(recorder, 'done');
  expect(recorder.getState().notice).toBe('full');
  expect(await textOf(recorder)).toBe('first second end');
});

it('begins nothing where there is no space, and says so', async () => {
  vi.stubGlobal('navigator', {
    ...navigator,
    mediaDevices: navigator.mediaDevices,
    storage: { estimate: () => Promise.resolve({ quota: 1e6, usage: 0 }) },
  });
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  expect(recorder.getState()).toMatchObject({ phase: 'problem', problem: 'no-space' });
  expect(granted.tracks.every(({ readyState }) => readyState === 'ended')).toBe(true);
});

it('stores what there is when the page is hidden', async () => {
  const { files, stored } = fakeFiles();
  const recorder = recorderWith(files);
  await recorder.look();
  await recorder.record();
  vi.spyOn(document, 'visibilityState', 'get').mockReturnValue('hidden');
  document.dispatchEvent(new Event('visibilitychange'));
  await vi.waitFor(() => {
    expect(stored).toHaveLength(1);
  });
  await recorder.close();
});

it('deletes a recording that is discarded, and lets go of one whose dialog is closed', async () => {
  const discarded = fakeFiles();
  const one = recorderWith(discarded.files);
  await one.look();
  await one.record();
  await one.discard();
  expect(discarded.removed).toEqual(['one']);

  const closed = fakeFiles();
  const other = recorderWith(closed.files);
  await other.look();
  await other.record();
  await other.close();
  expect(closed.removed).toEqual([]);
  expect(closed.isReleased()).toBe(true);
  expect(closed.stored).toHaveLength(1);
});

it('begins one recording where "Record" is pressed twice', async () => {
  const { files, removed } = fakeFiles();
  const create = vi.spyOn(files, 'create');
  const recorder = recorderWith(files);
  await recorder.look();
  await Promise.all([recorder.record(), recorder.record()]);
  expect(recorder.getState().phase).toBe('recording');
  expect(create).toHaveBeenCalledOnce();
  await recorder.discard();
  expect(removed).toEqual(['one']);
});

it('begins nothing after a countdown that was stopped, and counts from the top when it is pressed again', async () => {
  vi.useFakeTimers();
  try {
    const recorder = recorderWith(fakeFiles().files);
    await recorder.look();
    recorder.setCountdown(3);
    void recorder.record();
    await vi.advanceTimersByTimeAsync(1500);
    expect(recorder.getState()).toMatchObject({ phase: 'countdown', countdownLeft: 2 });
    await recorder.stop();
    await vi.advanceTimersByTimeAsync(400);
    expect(recorder.getState().phase).toBe('ready');
    void recorder.record();
    await vi.advanceTimersByTimeAsync(900);
    expect(recorder.getState()).toMatchObject({ phase: 'countdown', countdownLeft: 3 });
    await vi.advanceTimersByTimeAsync(1950);
    expect(recorder.getState()).toMatchObject({ phase: 'countdown', countdownLeft: 1 });
    await recorder.stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(recorder.getState().phase).toBe('ready');
  } finally {
    vi.useRealTimers();
  }
});

it('is ready again, and offers nothing, where it was stopped before anything was recorded', async () => {
  const { files, removed } = fakeFiles();
  const recorder = recorderWith(files);
  await recorder.look();
  await recorder.record();
  vi.spyOn(FakeMediaRecorder.latest, 'give').mockReturnValue();
  await recorder.stop();
  expect(recorder.getState()).toMatchObject({ phase: 'ready', result: undefined });
  expect(removed).toEqual(['one']);
});

it('says that the browser gave up before the first picture, until something is recorded', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  const { latest } = FakeMediaRecorder;
  vi.spyOn(latest, 'give').mockReturnValue();
  latest.dispatchEvent(new Event('error'));
  await comesTo(recorder, 'asking');
  await comesTo(recorder, 'ready');
  expect(recorder.getState()).toMatchObject({ notice: 'failed', result: undefined });
  await recorder.record();
  expect(recorder.getState()).toMatchObject({ phase: 'recording', notice: undefined });
  await recorder.close();
});

it('says that the camera was pulled out before the first picture', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  vi.spyOn(FakeMediaRecorder.latest, 'give').mockReturnValue();
  const [picture] = granted.tracks;
  granted = camera();
  picture?.pullOut();
  await comesTo(recorder, 'asking');
  await comesTo(recorder, 'ready');
  expect(recorder.getState()).toMatchObject({ notice: 'camera-lost', result: undefined });
});

it('says nothing of the recording before once it is recorded again', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  granted.tracks[0]?.pullOut();
  await comesTo(recorder, 'done');
  await recorder.again();
  expect(recorder.getState()).toMatchObject({ phase: 'ready', notice: undefined });
});

it('leaves no folder where the camera was pulled out as a recording began', async () => {
  const { files, removed } = fakeFiles();
  const recorder = recorderWith({
    ...files,
    create: async (info) => {
      const folder = await files.create(info);
      granted.tracks[0]?.pullOut();
      return folder;
    },
  } as RecordingFiles);
  await recorder.look();
  await recorder.record();
  expect(recorder.getState()).toMatchObject({ phase: 'problem', problem: 'no-device' });
  expect(removed).toEqual(['one']);
});

it('keeps the last words where a camera with a microphone was pulled out, and opens no other', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  FakeMediaRecorder.latest.give('first ');
  // All of its tracks have ended: so has the browser's recorder.
  FakeMediaRecorder.latest.state = 'inactive';
  for (const track of granted.tracks) track.pullOut();
  // The browser tells of the rest in a later task.
  await new Promise((resolve) => setTimeout(resolve));
  FakeMediaRecorder.latest.give('last');
  FakeMediaRecorder.latest.dispatchEvent(new Event('stop'));
  await comesTo(recorder, 'done');
  expect(await textOf(recorder)).toBe('first last');
  expect(recorder.getState()).toMatchObject({
    notice: 'camera-lost',
    problem: undefined,
    capture: undefined,
  });
  expect(getUserMedia).toHaveBeenCalledOnce();
});

it.each([0, 1])('shows what was recorded where track %i ends while it is saved', async (index) => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  const stopping = recorder.stop();
  granted.tracks[index]?.pullOut();
  expect(recorder.getState()).toMatchObject({ phase: 'saving', problem: undefined });
  await stopping;
  expect(recorder.getState()).toMatchObject({ phase: 'done', notice: undefined, problem: undefined });
  expect(await textOf(recorder)).toBe('end');
  expect(getUserMedia).toHaveBeenCalledOnce();
});

it('opens no other camera while one is recorded or saved', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  await recorder.record();
  await recorder.look({ cameraId: 'other' });
  expect(recorder.getState()).toMatchObject({ phase: 'recording', chosen: {} });
  const stopping = recorder.stop();
  await recorder.look({ cameraId: 'other' });
  await stopping;
  expect(recorder.getState()).toMatchObject({ phase: 'done', chosen: {} });
  expect(getUserMedia).toHaveBeenCalledOnce();
});

it('asks before a running recording is lost, and not about one that is on the disk', async () => {
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  expect(recorder.isWorthAsking).toBe(false);
  await recorder.record();
  expect(recorder.isWorthAsking).toBe(true);
  await recorder.stop();
  expect(recorder.isWorthAsking).toBe(false);

  const inMemory = recorderWith(undefined);
  await inMemory.look();
  await inMemory.record();
  await inMemory.stop();
  expect(inMemory.isWorthAsking).toBe(true);
});

it.each([
  ['NotAllowedError', 'camera-denied'],
  ['NotFoundError', 'no-device'],
  ['NotReadableError', 'in-use'],
  ['TypeError', 'cannot-record'],
])('tells of a %s in words of its own: %s', async (name, problem) => {
  getUserMedia.mockImplementation(() => Promise.reject(new DOMException('', name)));
  const recorder = recorderWith(fakeFiles().files);
  await recorder.look();
  expect(recorder.getState()).toMatchObject({ phase: 'problem', problem });
});

it('says that the camera for the corner is not allowed, and shares nothing then', async () => {
  getUserMedia.mockImplementation((wanted) =>
    (wanted as { video?: object }).video
      ? Promise.reject(new DOMException('', 'NotAllowedError'))
      : Promise.resolve(new FakeStream([new FakeTrack('audio')])),
  );
  const recorder = recorderWith(fakeFiles().files, 'screen');
  await recorder.look({ hasCorner: true });
  await recorder.record();
  expect(recorder.getState()).toMatchObject({ phase: 'problem', problem: 'camera-denied' });
  expect(granted.tracks.every(({ readyState }) => readyState === 'ended')).toBe(true);
});

it('goes on with the screen when the camera in its corner was pulled out', async () => {
  const corner = new FakeTrack('video');
  granted = new FakeStream([new FakeTrack('video')]);
  getUserMedia.mockImplementation((wanted) =>
    Promise.resolve(new FakeStream([(wanted as { video?: object }).video ? corner : new FakeTrack('audio')])),
  );
  vi.stubGlobal(
    'MediaStreamTrackProcessor',
    class {
      readonly readable = new ReadableStream();
    },
  );
  vi.stubGlobal(
    'MediaStreamTrackGenerator',
    class extends FakeTrack {
      readonly writable = new WritableStream();
      constructor() {
        super('video');
      }
    },
  );
  const recorder = recorderWith(fakeFiles().files, 'screen');
  await recorder.look({ hasCorner: true });
  await recorder.record();
  corner.pullOut();
  expect(recorder.getState()).toMatchObject({ phase: 'recording', notice: 'corner-lost' });
  granted.tracks[0]?.pullOut();
  await comesTo(recorder, 'done');
  expect(recorder.getState().notice).toBe('corner-lost');
});

it('records nothing when it is closed while its folder is made, and leaves none', async () => {
  const { files, removed, isReleased } = fakeFiles();
  const recorder = recorderWith({
    ...files,
    create: async (info) => {
      const folder = await files.create(info);
      await recorder.close();
      return folder;
    },
  } as RecordingFiles);
  await recorder.look();
  await recorder.record();
  expect(recorder.getState().phase).not.toBe('recording');
  expect(removed).toEqual(['one']);
  expect(isReleased()).toBe(true);
});
