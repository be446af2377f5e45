import { useEffect, useRef, useState, type DragEvent, type ReactNode, type RefObject } from 'react';
import type { Capabilities, UploadSnapshot } from '../../../engine/index.js';
import { useWidget, type WidgetContext } from '../../context.js';
import { hasFiles } from '../../files/read-drag.js';
import { coverFrame } from '../../files/cover-frame.js';
import { spanOf } from '../../files/video-length.js';
import { clockTime, extensionOf } from '../../format/index.js';
import { failureText } from '../../messages/index.js';
import { Button } from '../button.js';
import { Icon } from '../icon.js';
import { urlOf } from '../poster.js';
import { ChoosePicture } from './choose-picture.js';
import { FilmStrip } from './film-strip.js';
import { Problem } from './problem.js';
import { RetryAttachment } from './retry-attachment.js';
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
  const widget = useWidget();
  const { messages } = widget;
  const preview = usePreview(upload);
  const [problem, setProblem] = useState<string>();
  const { video, seconds, duration, cannotShow } = preview;

  const takeFrame = async () => {
    const name = `${upload.fileName.slice(0, upload.fileName.length - extensionOf(upload.fileName).length)}-cover`;
    const file = video.current && (await coverFrame(video.current, { ...rule, name }));
    setProblem(file ? undefined : messages.notShown);
    if (file) onChange({ file, seconds });
  };
  const takePicture = (file: File | undefined) => {
    if (!file) return;
    const found = problemOf(file, rule, widget);
    setProblem(found);
    if (found === undefined) onChange({ file });
  };
  const onDrop = (event: DragEvent) => {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    if (isEditable) takePicture(event.dataTransfer.files[0]);
  };

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
      <CoverLabel upload={upload} cover={cover} />
      <FrameView upload={upload} cover={cover} preview={preview} />
      {isEditable && upload.file && !cannotShow && (
        <FilmStrip
          file={upload.file}
          duration={duration ?? 0}
          seconds={seconds}
          isEditable={duration !== undefined}
          onSeek={preview.seek}
          onTake={() => {
            void takeFrame();
          }}
        />
      )}
      {isEditable && (
        <div className="vd-buttons">
          {!cannotShow && (
            <Button
              label={messages.useFrame}
              icon="frame"
              look="line"
              disabled={duration === undefined}
              onClick={() => {
                void takeFrame();
              }}
            />
          )}
          <ChoosePicture accept={rule.contentTypes} onPick={takePicture} />
        </div>
      )}
      {problem !== undefined && <Problem text={problem} isSpoken />}
      {!cover && <FailedCover upload={upload} />}
    </div>
  );
}

/** The video on screen: its length, its position, and whether the browser can show it. */
interface Preview {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly seconds: number;
  /** Undefined until the browser knows it. */
  readonly duration: number | undefined;
  readonly cannotShow: boolean;
  readonly readDuration: (element: HTMLVideoElement) => void;
  readonly fail: () => void;
  readonly seek: (seconds: number) => void;
}

function usePreview({ file }: UploadSnapshot): Preview {
  const video = useRef<HTMLVideoElement>(null);
  const [seconds, setSeconds] = useState(0);
  const [duration, setDuration] = useState<number>();
  const [cannotShow, setCannotShow] = useState(file === undefined);
  const film = useRef(file);
  const stated = useRef<number>(undefined);
  const begins = useRef<number>(undefined);
  const readDuration = (element: HTMLVideoElement) => {
    if (begins.current !== undefined || !film.current || element.readyState < 1) return;
    stated.current ??= element.duration;
    if (Number.isFinite(stated.current)) setDuration(stated.current);
    if (element.readyState < 2) return;
    begins.current = element.currentTime;
    void spanOf(element, film.current, stated.current).then((span) => {
      setDuration(span.seconds);
      if (stated.current === Infinity) element.currentTime = span.begins;
    });
  };
  // React holds finished elements back inside a boundary that has just suspended; events fired meanwhile are missed.
  useEffect(() => {
    if (video.current?.error) setCannotShow(true);
    else if (video.current) readDuration(video.current);
  }, []);
  return {
    video,
    seconds,
    duration,
    cannotShow,
    readDuration,
    fail: () => {
      setCannotShow(true);
    },
    seek: (to) => {
      setSeconds(to);
      if (video.current) video.current.currentTime = (begins.current ?? 0) + to;
    },
  };
}

/** Why the service does not take this picture; undefined when it does. */
function problemOf(
  { type, size }: File,
  { contentTypes, maxSizeBytes }: CoverFieldProps['rule'],
  { messages, format }: WidgetContext,
): string | undefined {
  if (!contentTypes.includes(type))
    return messages.pictureType(
      contentTypes.map((each) => each.replace(/^image\//, '').toUpperCase()),
      format,
    );
  return maxSizeBytes !== undefined && size > maxSizeBytes
    ? messages.tooLarge(maxSizeBytes, format)
    : undefined;
}

const storedCover = ({ attachments }: UploadSnapshot) => attachments.find(({ kind }) => kind === 'cover');

/** Why the cover was not stored, and the button that sends it once more. */
function FailedCover({ upload }: Pick<CoverFieldProps, 'upload'>): ReactNode {
  const { messages } = useWidget();
  const stored = storedCover(upload);
  if (!stored?.error) return null;
  return (
    <div className="vd-buttons">
      <Problem text={failureText(messages, stored.error.code).what} />
      <RetryAttachment uploadId={upload.id} attachment={stored} />
    </div>
  );
}

/** The name of the field, and what the cover is at the moment. */
function CoverLabel({ upload, cover }: Pick<CoverFieldProps, 'upload' | 'cover'>): ReactNode {
  const { messages } = useWidget();
  const stored = storedCover(upload);
  const now = cover
    ? cover.seconds === undefined
      ? cover.file.name
      : messages.coverAt(clockTime(cover.seconds))
    : stored
      ? stored.fileName
      : messages.coverFirst;
  return (
    <div className="vd-label">
      <span>{messages.cover}</span>
      <span className="vd-label-note" aria-live="polite">
        <bdi>{now}</bdi>
      </span>
    </div>
  );
}

/** The frame at the chosen position, the chosen picture, or a note that the video cannot be shown. */
function FrameView({
  upload,
  cover,
  preview: { video, seconds, cannotShow, readDuration, fail },
}: Pick<CoverFieldProps, 'upload' | 'cover'> & { preview: Preview }): ReactNode {
  const { messages } = useWidget();
  const picture =
    cover && cover.seconds === undefined ? cover.file : !cover ? storedCover(upload)?.file : undefined;
  const read = ({ currentTarget }: { currentTarget: HTMLVideoElement }) => {
    readDuration(currentTarget);
  };
  return (
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
          onLoadedMetadata={read}
          onDurationChange={read}
          onLoadedData={read}
          onError={fail}
        />
      )}
      {picture && <img className="vd-frame-picture" src={urlOf(picture)} alt={picture.name} />}
      {!picture && cannotShow && (
        <div className="vd-frame-note">
          <Icon name="image" size="large" />
          <bdi>{messages.notShown}</bdi>
        </div>
      )}
      {!picture && !cannotShow && <span className="vd-frame-time">{clockTime(seconds)}</span>}
    </div>
  );
}
