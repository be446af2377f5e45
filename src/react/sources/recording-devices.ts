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
  readonly stop: () => void;
}

export interface Chosen {
  readonly cameraId?: string | undefined;
  /** '' is none. */
  readonly microphoneId?: string | undefined;
}

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
  return captureOf(stream, stream.getAudioTracks()[0], () => undefined);
}

/**
 * The screen, a window or a tab, as the person chooses in the browser's own dialog, with the sound that goes with it where
 * the browser gives it, and with the microphone where it is wanted.
 */
export async function openScreen({ microphoneId }: Chosen): Promise<Capture> {
  const shared = await navigator.mediaDevices.getDisplayMedia({
    video: { frameRate: { ideal: 30 }, width: { max: 1920 }, height: { max: 1080 } },
    audio: true,
  });
  let microphone: MediaStreamTrack | undefined;
  try {
    if (microphoneId !== '')
      microphone = (
        await navigator.mediaDevices.getUserMedia({ audio: deviceOf(microphoneId) })
      ).getAudioTracks()[0];
  } catch (error) {
    const isMissing = error instanceof DOMException && error.name === 'NotFoundError';
    if (!isMissing) {
      stopAll(shared);
      throw error;
    }
  }
  if (!microphone) return captureOf(shared, undefined, () => undefined);
  const system = shared.getAudioTracks()[0];
  if (!system)
    return captureOf(new MediaStream([...shared.getTracks(), microphone]), microphone, () => undefined);
  // A recorder takes one track of sound.
  const context = new AudioContext();
  const mixed = context.createMediaStreamDestination();
  for (const track of [system, microphone])
    context.createMediaStreamSource(new MediaStream([track])).connect(mixed);
  const stream = new MediaStream([...shared.getVideoTracks(), ...mixed.stream.getAudioTracks()]);
  const heard = microphone;
  return captureOf(stream, heard, () => {
    heard.stop();
    system.stop();
    void context.close();
  });
}

function captureOf(
  stream: MediaStream,
  microphone: MediaStreamTrack | undefined,
  close: () => void,
): Capture {
  const [video] = stream.getVideoTracks();
  if (!video) {
    stopAll(stream);
    throw new DOMException('no picture', 'NotFoundError');
  }
  return {
    stream,
    microphone,
    video,
    stop: () => {
      stopAll(stream);
      close();
    },
  };
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
