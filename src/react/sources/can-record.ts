/** What this browser offers for recording, each only where it can be used: secure page, not forbidden to this frame. */
export interface RecordingAbilities {
  readonly camera: boolean;
  readonly screen: boolean;
}

export function recordingAbilities(): RecordingAbilities {
  // Absent on pages that are not secure, though the types say otherwise.
  const devices = navigator.mediaDevices as Partial<MediaDevices> | undefined;
  const canRecord = typeof MediaRecorder === 'function';
  return {
    camera: canRecord && devices?.getUserMedia !== undefined && isAllowed('camera'),
    screen: canRecord && devices?.getDisplayMedia !== undefined && isAllowed('display-capture'),
  };
}

/** True on phones and tablets, whose file input opens the camera. */
export const hasNativeCapture = (): boolean => matchMedia('(pointer: coarse)').matches;

/** Frames get the camera and the screen only by the page's permissions policy. Other browsers answer when asked. */
function isAllowed(feature: string): boolean {
  const { featurePolicy } = document as { featurePolicy?: { allowsFeature: (name: string) => boolean } };
  return featurePolicy?.allowsFeature(feature) ?? true;
}

/**
 * The formats to record in, the best first. WebM is first because it can be read up to any moment: MP4 is written at
 * key frames only, and Chromium makes none within minutes unless it is asked to. Safari records MP4.
 */
const formats = [
  'video/webm;codecs=vp9,opus',
  'video/webm;codecs=vp8,opus',
  'video/webm',
  'video/mp4;codecs=avc1.640028,mp4a.40.2',
  'video/mp4',
];

/** The format for a host that takes these types; undefined where the browser can write none of them. */
export function recordingFormat(accept: readonly string[]): string | undefined {
  const fits = (format: string) => {
    const type = format.replace(/;.*/, '');
    const extension = `.${type.replace('video/', '')}`;
    return accept.some((entry) => ['video', 'video/*', type, extension].includes(entry.toLowerCase()));
  };
  const known = formats.filter((format) => MediaRecorder.isTypeSupported(format));
  return known.find(fits) ?? known[0];
}
