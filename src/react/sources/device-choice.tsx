import type { ReactNode } from 'react';
import type { Recorder, RecorderState } from './recorder.js';
import { canPutCorner } from './corner.js';
import { SourceIcon } from './source-icons.js';
import type { SourceWords } from '../messages/en-on-demand.js';

interface DeviceChoiceProps {
  recorder: Recorder;
  state: RecorderState;
  words: SourceWords;
}

/** Which camera and which microphone; for the screen the microphone only. */
export function DeviceChoice({ recorder, state, words }: DeviceChoiceProps): ReactNode {
  const { devices, chosen, capture } = state;
  const of = (kind: MediaDeviceKind) => devices.filter((device) => device.kind === kind);
  const cameras = of('videoinput');
  const microphones = of('audioinput');
  const look = (patch: typeof chosen) => void recorder.look({ ...chosen, ...patch });
  const used = (track: MediaStreamTrack | undefined) => track?.getSettings().deviceId;
  return (
    <>
      <div className="vd-devices">
        {recorder.kind === 'camera' && (
          <Choice
            icon="camera"
            label={words.camera}
            devices={cameras}
            value={chosen.cameraId ?? used(capture?.video) ?? ''}
            onChange={(cameraId) => {
              look({ cameraId });
            }}
          />
        )}
        <Choice
          icon="mic"
          label={words.microphone}
          devices={microphones}
          none={words.noMicrophone}
          value={chosen.microphoneId ?? (microphones.length ? (used(capture?.microphone) ?? 'default') : '')}
          onChange={(microphoneId) => {
            look({ microphoneId });
          }}
        />
      </div>
      {recorder.kind === 'screen' && canPutCorner() && (
        <label className="vd-recording-corner">
          <input
            type="checkbox"
            checked={chosen.hasCorner ?? false}
            onChange={(event) => {
              look({ hasCorner: event.currentTarget.checked });
            }}
          />
          <bdi>{words.corner}</bdi>
        </label>
      )}
      {capture && <Picture track={capture.video} />}
    </>
  );
}

/** `1080p · 30 fps` */
function Picture({ track }: { track: MediaStreamTrack }): ReactNode {
  const { width = 0, height = 0, frameRate = 0 } = track.getSettings();
  if (!height) return null;
  const rate = frameRate ? ` · ${Math.round(frameRate)} fps` : '';
  return <div className="vd-recording-size">{`${Math.min(width, height)}p${rate}`}</div>;
}

interface ChoiceProps {
  icon: 'camera' | 'mic';
  label: string;
  devices: readonly MediaDeviceInfo[];
  none?: string;
  value: string;
  onChange: (deviceId: string) => void;
}

function Choice({ icon, label, devices, none, value, onChange }: ChoiceProps): ReactNode {
  const isKnown = value === '' || devices.some(({ deviceId }) => deviceId === value);
  return (
    <span className="vd-device">
      <SourceIcon name={icon} size="small" />
      <select
        className="vd-input"
        aria-label={label}
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {!isKnown && <option value={value}>{label}</option>}
        {devices.map((device, index) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || `${label} ${index + 1}`}
          </option>
        ))}
        {none !== undefined && <option value="">{none}</option>}
      </select>
    </span>
  );
}
