import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import { hasDevice, useWidget, type WidgetContext } from '../context.js';
import { typeNames } from '../files/accept.js';
import type { Drag } from '../files/read-drag.js';
import { useDropzone, type UseDropzoneResult } from '../hooks/use-dropzone.js';
import { useSelected } from '../hooks/use-uploads.js';
import { HostPart } from './host-part.js';
import { IconShape, zonePaths, type ZoneIconName } from './icon-shape.js';
import { PageDrop, SourceButtons } from './lazy.js';
import { TextButton } from './text-button.js';

/** Props of {@link Dropzone}. */
export interface DropzoneProps {
  className?: string | undefined;
  /** One line instead of the large zone. Default: as soon as there is anything below it. */
  isCompact?: boolean | undefined;
  /** The host's own contents; the zone still takes drops, clicks, keys and pasted files. */
  children?: ((zone: UseDropzoneResult) => ReactNode) | undefined;
}

/** Where files are dropped, pasted or chosen. The whole of it is one button. */
export function Dropzone({ className = '', isCompact, children }: DropzoneProps): ReactNode {
  const widget = useWidget();
  const zone = useDropzone();
  const hasFiles = useSelected(
    widget.uploader,
    ({ uploads, unfinished }) => uploads.length > 0 || unfinished.length > 0,
  );
  const compact = isCompact ?? (hasFiles || zone.readingCount !== undefined);
  const { drag } = zone;
  const words = wordsOf(zone, widget, compact);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== event.currentTarget || (event.key !== 'Enter' && event.key !== ' ')) return;
    event.preventDefault();
    zone.open();
  };

  return (
    <div
      {...zone.getRootProps()}
      className={`vd-zone ${className}`.trim()}
      data-vodrop="dropzone"
      data-compact={compact || undefined}
      data-drag={drag?.state}
      data-disabled={zone.isDisabled || zone.isFull || undefined}
      role="group"
      aria-label={widget.messages.dropzoneLabel}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      onClick={zone.open}
    >
      <svg className="vd-dashes" aria-hidden="true" focusable="false">
        <rect />
      </svg>
      <HostPart
        render={children && (() => children(zone) ?? false)}
        otherwise={<ZoneContents zone={zone} words={words} compact={compact} />}
      />
      <input {...zone.getInputProps()} />
      {widget.dropTarget === 'page' && drag && <PageDrop drag={drag} words={words} />}
    </div>
  );
}

function ZoneContents({
  zone,
  words,
  compact,
}: {
  zone: UseDropzoneResult;
  words: ZoneWords;
  compact: boolean;
}): ReactNode {
  const widget = useWidget();
  const isClosed = zone.isDisabled || zone.isFull;
  const takesFiles = hasDevice(widget.sources);
  const aside = (act: () => void) => (event: MouseEvent) => {
    event.stopPropagation();
    act();
  };
  return (
    <>
      <span className="vd-disc">
        <IconShape name={words.icon} path={zonePaths[words.icon]} size={compact ? 'small' : 'large'} />
      </span>
      <div className="vd-zone-title">
        {words.title !== undefined && <bdi className={words.touchTitle && 'vd-mouse'}>{words.title}</bdi>}
        {words.touchTitle && <bdi className="vd-touch">{words.touchTitle}</bdi>}
        {compact && takesFiles && (
          // Kept in place like the buttons below: a focused button must not vanish.
          <span className="vd-zone-add" data-away={words.title !== undefined || undefined}>
            <AddMore zone={zone} />
          </span>
        )}
      </div>
      {compact && <SourceButtons isCompact isClosed={isClosed} />}
      {!compact && (
        // Kept in place while files hang over the zone: a focused button must not vanish.
        <div className="vd-zone-buttons" data-away={zone.drag !== undefined || zone.isDisabled || undefined}>
          {takesFiles && (
            <TextButton
              label={pickLabel(widget)}
              look="fill"
              {...zone.getButtonProps()}
              className="vd-pick"
            />
          )}
          {takesFiles && widget.restrictions.maxFiles !== 1 && (
            <TextButton
              label={widget.messages.chooseFolder}
              disabled={isClosed}
              onClick={aside(zone.openFolder)}
            />
          )}
          {widget.capture && (
            <TextButton
              label={widget.messages.useCamera}
              className="vd-camera"
              disabled={isClosed}
              onClick={aside(zone.openCamera)}
            />
          )}
          <SourceButtons isClosed={isClosed} />
        </div>
      )}
      {words.note.length > 0 && (
        <div className="vd-zone-note">
          {words.note.map((text) => (
            <bdi key={text} className={text === words.mouseOnly ? 'vd-mouse' : undefined}>
              {text}
            </bdi>
          ))}
        </div>
      )}
    </>
  );
}

/** "Choose videos", or the host's own words. */
function pickLabel({ messages, kind }: WidgetContext): string {
  return messages.chooseFiles.replace('{many}', messages.manyOf(kind));
}

export interface ZoneWords {
  icon: ZoneIconName;
  /** Undefined where "Add more" stands in its place. */
  title: ReactNode;
  /** In place of the title where there is nothing to drop with. */
  touchTitle?: string;
  /** What is taken and what works, with dots between. */
  note: readonly string[];
  /** The entry of `note` that does not hold for touch. */
  mouseOnly?: string;
}

/** Fewer are added before anyone could read how many are left. */
const countedFrom = 20;

function wordsOf(zone: UseDropzoneResult, widget: WidgetContext, compact: boolean): ZoneWords {
  const { messages, format, accept, kind, restrictions } = widget;
  const { maxFiles, maxSizeBytes, maxDurationSeconds } = restrictions;
  const idle: ZoneIconName = compact ? 'plus' : 'pick';
  const places =
    maxFiles === undefined || !compact
      ? []
      : [messages.places({ taken: zone.takenPlaces + (zone.drag?.accepted ?? 0), of: maxFiles }, format)];

  if (zone.addingCount && zone.addingCount.of >= countedFrom)
    return { icon: idle, title: messages.adding(zone.addingCount, format), note: [] };
  if (zone.readingCount !== undefined)
    return { icon: idle, title: messages.reading({ count: zone.readingCount }, format), note: [] };
  if (zone.isDisabled) return { icon: 'lock', title: messages.closed, note: [] };
  if (zone.isFull && maxFiles !== undefined)
    return { icon: 'ban', title: messages.full({ of: maxFiles, kind }, format), note: places };
  if (zone.drag) {
    const drag = dragWords(zone.drag, widget, idle);
    return compact ? { ...drag, note: places } : drag;
  }
  if (!hasDevice(widget.sources)) return { icon: idle, title: messages.addTouch(kind), note: places };
  if (compact) return { icon: 'plus', title: undefined, note: places };
  return {
    icon: 'pick',
    title: messages.dropHere(kind),
    touchTitle: messages.addTouch(kind),
    note: messages.acceptNote(
      {
        types: typeNames(accept),
        kind,
        maxSizeBytes,
        maxDurationSeconds,
        canPaste: true,
        canResume: widget.uploader.getSnapshot().canResumeAfterReload,
      },
      format,
    ),
    mouseOnly: messages.pasteWorks,
  };
}

function dragWords(
  drag: Drag,
  { messages, format, kind, accept, autoStart }: WidgetContext,
  idle: ZoneIconName,
): ZoneWords {
  const { count, accepted, left, type, state } = drag;
  // Some browsers do not tell how many there are.
  const startNote = autoStart ? [messages.dragAcceptNote(accepted || 2, format)] : [];
  switch (state) {
    case 'accept':
      return { icon: idle, title: messages.dragAccept({ count, kind }, format), note: startNote };
    case 'mixed':
      return {
        icon: idle,
        title: messages.dragMixed({ count: accepted, left, kind }, format),
        note: startNote,
      };
    case 'reject':
      return {
        icon: 'ban',
        title: messages.dragReject({ count, kind, type }, format),
        note: [messages.dragRejectNote({ types: typeNames(accept), kind }, format)].filter(Boolean),
      };
    case 'unknown':
      return {
        icon: 'question',
        title: messages.dragUnknown({ count }, format),
        note: [messages.dragUnknownNote],
      };
    default:
      return state satisfies never;
  }
}

function AddMore({ zone }: { zone: UseDropzoneResult }): ReactNode {
  const widget = useWidget();
  const { before, action } = widget.messages.addMore(widget.kind);
  return (
    <bdi>
      <span className="vd-wide vd-mouse">{before}</span>
      <span className="vd-narrow">{widget.messages.addMoreShort}</span>{' '}
      <button {...zone.getButtonProps()} className="vd-link vd-pick" aria-label={pickLabel(widget)}>
        {action}
      </button>
    </bdi>
  );
}
