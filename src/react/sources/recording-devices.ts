import { putCorner } from './corner.js';

/** Why there is no picture. The words for each are in `problems`. */
export type RecordingProblem =
  | 'camera-denied'
  | 'microphone-denied'
  | 'screen-denied'
  | 'no-device'
  | 'in-use'
  | 'no-space'
  | 'cannot-record';

/** What is recorded, and what it comes from. */
export interface Capture {
  /** Picture and sound, as the recorder takes them. */
  readonly stream: MediaStream;
  /** The microphone alone, to be muted and measured. */
  readonly microphone: MediaStreamTrack | undefined;
  readonly video: MediaStreamTrack;
  /** The camera in the corner of a screen. */
  readonly corner?: MediaStreamTrack | undefined;
  readonly stop: () => void;
}

export interface Chosen {
  readonly cameraId?: string | undefined;
  /** '' is none. */
  readonly microphoneId?: string | undefined;
  /** Of a screen: the camera is seen in its corner. */
  readonly hasCorner?: boolean | undefined;
}

/** The camera of the corner failed, not the screen. */
class CornerError extends Error {}

/** The camera at up to 1080p, with the microphone where one is wanted. Without a microphone in the device: the camera alone. */
export async function openCamera({ cameraId, microphoneId }: Chosen): Promise<Capture> {
  const video = {
    ...deviceOf(cameraId),
    width: { ideal: 1920 },
    height: { ideal: 1080 },
    frameRate: { ideal: 30 },
  };
  const audio = microphoneId === '' ? false : deviceOf(microphoneId);
  const stream = await navigator.mediaDevices.getUserMedia({ video, audio }).catch((error: unknown) => {
    const isMissing = error instanceof DOMException && error.name === 'NotFoundError';
    if (!isMissing || audio === false) throw error;
    return navigator.mediaDevices.getUserMedia({ video });
  });
  const [picture] = stream.getVideoTracks();
  if (!picture) {
    stopAll(stream);
    throw new DOMException('no picture', 'NotFoundError');
  }
  return {
    stream,
    microphone: stream.getAudioTracks()[0],
    video: picture,
    stop: () => {
      stopAll(stream);
    },
  };
}

/**
 * The screen, a window or a tab, as the person chooses in the browser's own dialog, with the sound that goes with it where
 * the browser gives it, and with the microphone where it is wanted.
 */
export async function openScreen({ microphoneId, hasCorner }: Chosen): Promise<Capture> {
  const shared = await navigator.mediaDevices.getDisplayMedia({
    video: { frameRate: { ideal: 30 }, width: { max: 1920 }, height: { max: 1080 } },
    audio: true,
  });
  const opened = [shared];
  try {
    const heard = microphoneId === '' ? undefined : await openMicrophone(microphoneId);
    if (heard) opened.push(heard);
    const seen = hasCorner ? await openCorner() : undefined;
    if (seen) opened.push(seen);
    return assembled(shared, heard?.getAudioTracks()[0], seen?.getVideoTracks()[0]);
  } catch (error) {
    opened.forEach(stopAll);
    throw error;
  }
}

/** Undefined where the device has none, or the browser opens none. */
async function openMicrophone(id: string | undefined): Promise<MediaStream | undefined> {
  if (!('getUserMedia' in navigator.mediaDevices)) return undefined;
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: deviceOf(id) });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

async function openCorner(): Promise<MediaStream> {
  const video = { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { ideal: 30 } };
  try {
    return await navigator.mediaDevices.getUserMedia({ video });
  } catch (cause) {
    throw new CornerError('the camera for the corner', { cause });
  }
}

function assembled(
  shared: MediaStream,
  microphone: MediaStreamTrack | undefined,
  corner: MediaStreamTrack | undefined,
): Capture {
  const [video] = shared.getVideoTracks();
  if (!video) throw new DOMException('no picture', 'NotFoundError');
  // First, since it may throw: the sound has a context that is to be closed.
  const picture = corner && putCorner(video, corner);
  const sound = mixed(shared.getAudioTracks()[0], microphone);
  const seen = picture?.track ?? video;
  return {
    stream: new MediaStream(sound.track ? [seen, sound.track] : [seen]),
    microphone,
    video,
    corner,
    stop: () => {
      picture?.stop();
      corner?.stop();
      microphone?.stop();
      stopAll(shared);
      sound.close();
    },
  };
}

/** A recorder takes one track of sound. */
function mixed(
  system: MediaStreamTrack | undefined,
  microphone: MediaStreamTrack | undefined,
): { readonly track: MediaStreamTrack | undefined; readonly close: () => void } {
  if (!system || !microphone) return { track: system ?? microphone, close: () => undefined };
  const context = new AudioContext();
  const both = context.createMediaStreamDestination();
  for (const track of [system, microphone])
    context.createMediaStreamSource(new MediaStream([track])).connect(both);
  return { track: both.stream.getAudioTracks()[0], close: () => void context.close() };
}

function stopAll(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

const deviceOf = (id: string | undefined): MediaTrackConstraints => (id ? { deviceId: { exact: id } } : {});

/** Cameras and microphones; their names are known once one of them is in use. */
export async function listDevices(): Promise<readonly MediaDeviceInfo[]> {
  const devices = await navigator.mediaDevices.enumerateDevices().catch(() => []);
  return devices.filter(({ kind, deviceId }) => kind !== 'audiooutput' && deviceId !== '');
}

/** What to tell the person; undefined when it was the person who closed the browser's dialog. */
export async function problemOf(
  error: unknown,
  kind: 'camera' | 'screen',
): Promise<RecordingProblem | undefined> {
  if (error instanceof CornerError) return problemOf(error.cause, 'camera');
  const { name = '', message = '' } = error as Partial<DOMException>;
  switch (name) {
    case 'NotAllowedError':
    case 'SecurityError': {
      if (kind === 'camera') return (await isGranted('camera')) ? 'microphone-denied' : 'camera-denied';
      if (await isDenied('microphone')) return 'microphone-denied';
      // By the system: closing the dialog has the same name, and says nothing of it.
      return /system|policy/i.test(message) ? 'screen-denied' : undefined;
    }
    case 'AbortError':
      return kind === 'screen' ? undefined : 'in-use';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'no-device';
    case 'NotReadableError':
      return 'in-use';
    default:
      return 'cannot-record';
  }
}

const isGranted = (name: string) => permissionIs(name, 'granted');
const isDenied = (name: string) => permissionIs(name, 'denied');

async function permissionIs(name: string, state: PermissionState): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: name as PermissionName })).state === state;
  } catch {
    // Firefox does not know these names.
    return false;
  }
}
