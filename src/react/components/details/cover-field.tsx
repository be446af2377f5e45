import { useEffect, useRef, useState, type DragEvent, type ReactNode, type SyntheticEvent } from 'react';
import type { Capabilities, UploadSnapshot } from '../../../engine/index.js';
import { useWidget } from '../../context.js';
import { pickFiles } from '../../files/pick-files.js';
import { hasFiles } from '../../files/read-drag.js';
import { coverFrame } from '../../files/cover-frame.js';
import { extensionOf } from '../../format/index.js';
import { Button } from '../button.js';
import { Icon } from '../icon.js';
import { clock, urlOf } from '../poster.js';
import { FilmStrip } from './film-strip.js';
import type { CoverDraft } from './use-draft.js';

export interface CoverFieldProps {
  upload: UploadSnapshot;
  rule: NonNullable<Capabilities['cover']>;
  isEditable: boolean;
  cover: CoverDraft | undefined;
  onChange: (cover: CoverDraft) => void;
}

/** The video to take a frame from, or a picture in its place. */
export function CoverField({ upload, rule, isEditable, cover, onChange }: CoverFieldProps): ReactNode {
  const { messages, format } = useWidget();
  const video = useRef<HTMLVideoElement>(null);
  const [seconds, setSeconds] = useState(0);
  const [duration, setDuration] = useState<number>();
  const [cannotShow, setCannotShow] = useState(upload.file === undefined);
  const [trouble, setTrouble] = useState<string>();
  const stored = upload.attachments.find(({ kind }) => kind === 'cover');
  const picture =
    cover && cover.seconds === undefined ? cover.file : !cover && stored ? stored.file : undefined;

  // Files without a length in their headers get one later.
  const read = (element: HTMLVideoElement) => {
    if (Number.isFinite(element.duration)) setDuration(element.duration);
  };
  const readDuration = ({ currentTarget }: SyntheticEvent<HTMLVideoElement>) => {
    read(currentTarget);
  };
  // Inside a boundary that has just suspended, React holds finished elements back; what they tell meanwhile reaches nobody.
  useEffect(() => {
    if (video.current?.error) setCannotShow(true);
    else if (video.current) read(video.current);
  }, []);
  const seek = (to: number) => {
    setSeconds(to);
    if (video.current) video.current.currentTime = to;
  };
  const take = async () => {
    const name = `${upload.fileName.slice(0, upload.fileName.length - extensionOf(upload.fileName).length)}-cover`;
    const file = video.current && (await coverFrame(video.current, { ...rule, name }));
    setTrouble(file ? undefined : messages.notShown);
    if (file) onChange({ file, seconds });
  };
  const give = (file: File | undefined) => {
    if (!file) return;
    const problem = !rule.contentTypes.includes(file.type)
      ? messages.pictureType(
          rule.contentTypes.map((type) => type.replace(/^image\//, '').toUpperCase()),
          format,
        )
      : rule.maxSizeBytes !== undefined && file.size > rule.maxSizeBytes
        ? messages.tooLarge(rule.maxSizeBytes, format)
        : undefined;
    setTrouble(problem);
    if (!problem) onChange({ file });
  };
  const onDrop = (event: DragEvent) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (isEditable) give(event.dataTransfer.files[0]);
  };
  const now = cover
    ? cover.seconds === undefined
      ? messages.coverNamed(cover.file.name)
      : messages.coverAt(clock(cover.seconds))
    : stored
      ? messages.coverNamed(stored.fileName)
      : messages.coverFirst;

  return (
    <div
      className="vd-field"
      role="group"
      aria-label={messages.cover}
      onDragOver={(event) => {
        if (hasFiles(event.dataTransfer)) event.preventDefault();
      }}
      onDrop={onDrop}
    >
      <div className="vd-label">
        <span>{messages.cover}</span>
        <span className="vd-label-note" aria-live="polite">
          <bdi>{now}</bdi>
        </span>
      </div>
      <div className="vd-frame">
        {upload.file && !cannotShow && (
          <video
            ref={video}
            className="vd-frame-video"
            src={urlOf(upload.file)}
            muted
            playsInline
            preload="auto"
            aria-hidden="true"
            tabIndex={-1}
            onLoadedMetadata={readDuration}
            onDurationChange={readDuration}
            onLoadedData={readDuration}
            onError={() => {
              setCannotShow(true);
            }}
          />
        )}
        {picture && <img className="vd-frame-picture" src={urlOf(picture)} alt={picture.name} />}
        {!picture && cannotShow && (
          <div className="vd-frame-note">
            <Icon name="image" size="large" />
            <bdi>{messages.notShown}</bdi>
          </div>
        )}
        {!picture && !cannotShow && <span className="vd-frame-time">{clock(seconds)}</span>}
      </div>
      {upload.file && !cannotShow && (
        <FilmStrip
          file={upload.file}
          duration={duration ?? 0}
          seconds={seconds}
          isEditable={isEditable && duration !== undefined}
          onSeek={seek}
          onTake={() => {
            void take();
          }}
        />
      )}
      <div className="vd-buttons">
        {!cannotShow && (
          <Button
            label={messages.useFrame}
            icon="frame"
            look="line"
            disabled={!isEditable || duration === undefined}
            onClick={() => {
              void take();
            }}
          />
        )}
        <Button
          label={messages.choosePicture}
          icon="image"
          className="vd-button-wraps"
          disabled={!isEditable}
          onClick={() => {
            void pickFiles({ accept: rule.contentTypes.join(',') }).then(([file]) => {
              give(file);
            });
          }}
        />
      </div>
      {trouble !== undefined && (
        <div className="vd-trouble" role="alert">
          <Icon name="alert" size="small" />
          <bdi>{trouble}</bdi>
        </div>
      )}
    </div>
  );
}
