import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../../engine/index.js';
import { useWidget } from '../../context.js';
import { wholePercent } from '../../format/index.js';
import { canSet, useDetailsOffer, valueOf, type DetailsOffer } from '../../hooks/details-offer.js';
import { focusedElement } from '../../hooks/focused-element.js';
import { countedBytes } from '../../hooks/row-rules.js';
import { useUpload } from '../../hooks/use-upload.js';
import { DialogNotes } from '../../notes/dialog-notes.js';
import { Deferred, useDeferred } from '../../stores/deferred.js';
import { findUpload } from '../../stores/snapshot-index.js';
import { canTrim } from '../../trim/can-trim.js';
import { Button } from '../button.js';
import { FileName } from '../file-name.js';
import { HostPart } from '../host-part.js';
import { ProgressLine } from '../progress-line.js';
import { StatusLine } from '../status-line.js';
import { ratiosIn } from '../../hooks/use-row-progress.js';
import { CoverField } from './cover-field.js';
import { OptionFields, tooLongIn } from './option-fields.js';
import { SubtitlesField } from './subtitles-field.js';
import { useDraft, type UseDraftResult } from './use-draft.js';
import { useSubmit } from './use-submit.js';

/** Loaded where films can be trimmed. */
const trimEntry = new Deferred(() => import('../../trim/trim-entry.js'));

/** Cover, subtitles, title and what the host asks for, while the upload goes on. The browser's own dialog. */
export function DetailsDialog({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const { upload } = useUpload(id);
  const offer = useDetailsOffer(upload?.source);
  const isGone = !upload || !offer;
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  return isGone ? null : <Dialog upload={upload} offer={offer} onClose={onClose} />;
}

function Dialog({
  upload,
  offer,
  onClose,
}: {
  upload: UploadSnapshot;
  offer: DetailsOffer;
  onClose: () => void;
}): ReactNode {
  const { uploader, announcer, messages } = useWidget();
  const dialog = useRef<HTMLDialogElement>(null);
  const { draft, change, setOption, save } = useDraft(uploader, upload, offer);
  const [isTooLate, setIsTooLate] = useState(false);
  useOpen(dialog);
  const { submit, onKeyDown, onClick } = useSubmit(dialog, () => {
    const tooLong = tooLongIn(draft.options, offer);
    if (tooLong) dialog.current?.querySelector<HTMLElement>(`[name="${tooLong}"]`)?.focus();
    else if (save()) {
      dialog.current?.close();
      announcer.say(messages.saved, 'prompt');
    } else setIsTooLate(true);
  });

  const sides = sidesOf(upload, offer);
  const note = noteOf(upload, offer, isTooLate);
  const hasMore = sides.cover || sides.other;
  const isTrimmable = offer.trim && canTrim(upload);
  const [isTrimming, setIsTrimming] = useState(isTrimmable && !hasMore);
  const close = () => dialog.current?.close();

  return (
    <dialog
      ref={dialog}
      className="vd-dialog"
      data-vodrop="details"
      data-columns={sides.cover && sides.other && !isTrimming ? 2 : 1}
      aria-label={messages.detailsLabel(upload.fileName)}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        if (event.target === event.currentTarget) dialog.current?.close();
        else onClick(event);
      }}
    >
      <div className="vd-dialog-form">
        <DialogHead upload={upload} onClose={close} />
        {isTrimming ? (
          <Trimming
            upload={upload}
            onBack={hasMore ? () => setIsTrimming(false) : undefined}
            onApply={save}
            onDone={close}
          />
        ) : (
          <>
            <DialogNotes upload={upload} />
            <DialogBody upload={upload} offer={offer} draft={draft} change={change} setOption={setOption}>
              {isTrimmable && <TrimSection onClick={() => setIsTrimming(true)} />}
            </DialogBody>
            <DialogFoot note={note} isTooLate={isTooLate}>
              <FootButtons isChangeable={isChangeable(upload, offer)} onClose={close} onSave={submit} />
            </DialogFoot>
          </>
        )}
      </div>
    </dialog>
  );
}

function Trimming(props: {
  upload: UploadSnapshot;
  onBack: (() => void) | undefined;
  onApply: () => void;
  onDone: () => void;
}): ReactNode {
  const Place = useDeferred(trimEntry)?.TrimPlace;
  return Place ? <Place {...props} /> : <div className="vd-dialog-body" />;
}

function TrimSection({ onClick }: { onClick: () => void }): ReactNode {
  const Open = useDeferred(trimEntry)?.TrimButton;
  return Open && <Open onClick={onClick} />;
}

function DialogFoot({
  note,
  isTooLate,
  children,
}: {
  note: NoteName | undefined;
  isTooLate: boolean;
  children: ReactNode;
}): ReactNode {
  const { messages } = useWidget();
  return (
    <div className="vd-dialog-foot">
      <div
        className="vd-dialog-note"
        data-tone={note === 'detailsNotSaved' ? 'bad' : undefined}
        role={isTooLate ? 'alert' : undefined}
      >
        <bdi>{note && messages[note]}</bdi>
      </div>
      {children}
    </div>
  );
}

/** What there is to see: what can be changed, and what was given. */
function sidesOf(upload: UploadSnapshot, offer: DetailsOffer) {
  const { cover, subtitles, fields, hasForm } = offer;
  const shows = (when: 'start' | 'any' | undefined, kind: 'cover' | 'subtitle') =>
    when !== undefined &&
    (upload.canSetOptions || when === 'any' || upload.attachments.some((one) => one.kind === kind));
  const hasFields = fields.some(
    (field) => canSet(upload, offer, field) || valueOf(upload, field) !== undefined,
  );
  const hasSubtitles = shows(subtitles?.when, 'subtitle');
  return {
    cover: shows(cover?.when, 'cover'),
    subtitles: hasSubtitles,
    other: hasFields || hasSubtitles || hasForm,
  };
}

/** Anything at all that "Save" would send. */
function isChangeable(upload: UploadSnapshot, offer: DetailsOffer): boolean {
  return (
    upload.canSetOptions ||
    offer.cover?.when === 'any' ||
    offer.subtitles?.when === 'any' ||
    offer.fields.some((field) => canSet(upload, offer, field))
  );
}

function FootButtons({
  isChangeable,
  onClose,
  onSave,
}: {
  isChangeable: boolean;
  onClose: () => void;
  onSave: () => void;
}): ReactNode {
  const { messages } = useWidget();
  if (!isChangeable) return <Button label={messages.close} look="line" onClick={onClose} />;
  return (
    <>
      <Button label={messages.cancel} onClick={onClose} />
      <Button label={messages.save} look="fill" onClick={onSave} />
    </>
  );
}

type NoteName = 'sentAfter' | 'sentAtStart' | 'tooLate' | 'detailsKept' | DetailsNote;
type DetailsNote = 'detailsSaving' | 'detailsSaved' | 'detailsNotSaved';
const detailsNotes: Record<string, DetailsNote> = {
  saving: 'detailsSaving',
  saved: 'detailsSaved',
  failed: 'detailsNotSaved',
};

/** What becomes of what the dialog holds, or has become of it; nothing where it only shows. */
function noteOf(upload: UploadSnapshot, offer: DetailsOffer, isTooLate: boolean): NoteName | undefined {
  if (isTooLate) return 'tooLate';
  const { canSetOptions, details, status } = upload;
  const told = details && detailsNotes[details.status];
  if (told) return told;
  const canFollow = offer.cover?.when === 'any' || offer.subtitles?.when === 'any';
  if (canSetOptions) return canFollow && !offer.fields.length ? 'sentAfter' : 'sentAtStart';
  if (status === 'ready' || status === 'processing') return undefined;
  if (offer.fields.some((field) => canSet(upload, offer, field))) return 'detailsKept';
  return canFollow ? 'sentAfter' : undefined;
}

function DialogBody({
  upload,
  offer,
  draft,
  change,
  setOption,
  children,
}: Pick<UseDraftResult, 'draft' | 'change' | 'setOption'> & {
  upload: UploadSnapshot;
  offer: DetailsOffer;
  children: ReactNode;
}): ReactNode {
  const { renderDetails } = useWidget();
  const sides = sidesOf(upload, offer);
  // What is offered at the start only is closed once that is under way.
  const isEditable = (when: 'start' | 'any' | undefined) => upload.canSetOptions || when === 'any';
  return (
    <div className="vd-dialog-body">
      {offer.cover && sides.cover && (
        <section className="vd-side">
          <CoverField
            upload={upload}
            rule={offer.cover}
            isEditable={isEditable(offer.cover.when)}
            cover={draft.cover}
            onChange={(cover) => {
              change({ cover });
            }}
          />
        </section>
      )}
      {sides.other && (
        <section className="vd-side">
          <OptionFields upload={upload} offer={offer} options={draft.options} onChange={setOption} />
          {offer.subtitles && sides.subtitles && (
            <SubtitlesField
              upload={upload}
              rule={offer.subtitles}
              isEditable={isEditable(offer.subtitles.when)}
              draft={draft}
              onChange={change}
            />
          )}
          <HostPart
            render={() =>
              renderDetails?.({
                upload,
                options: draft.options,
                setOptions: (options) => {
                  change({ options: { ...draft.options, ...options } });
                },
                isEditable: upload.canSetOptions,
              })
            }
          />
        </section>
      )}
      {children}
    </div>
  );
}

function DialogHead({ upload, onClose }: { upload: UploadSnapshot; onClose: () => void }): ReactNode {
  const { messages, format } = useWidget();
  const { bytesPerSecond, remainingSeconds } = useUpload(upload.id);
  const isMoving = upload.status === 'uploading' && !upload.waiting;
  const percent = wholePercent(countedBytes(upload), upload.sizeBytes);
  const { id } = upload;
  return (
    <div className="vd-dialog-head">
      <div className="vd:min-w-0">
        <FileName name={upload.fileName} />
        <StatusLine view={{ upload, bytesPerSecond, remainingSeconds }} />
      </div>
      <Button label={messages.close} icon="x" isIconOnly onClick={onClose} />
      <ProgressLine
        tone={
          upload.status === 'uploading' || upload.status === 'paused' ? (isMoving ? 'up' : 'paused') : 'rest'
        }
        ratioOf={(snapshot) => ratiosIn(findUpload(snapshot, id))}
        label={upload.fileName}
        percent={percent}
        valueText={messages.progressText({ percent, timeLeft: undefined }, format)}
      />
    </div>
  );
}

/** Opens as a modal; when it goes, focus returns to what had it. */
function useOpen(dialog: React.RefObject<HTMLDialogElement | null>): void {
  useEffect(() => {
    const element = dialog.current;
    const opener = focusedElement();
    if (element && !element.open) {
      element.showModal();
      // The browser would choose the first button, which closes.
      const first =
        element.querySelector<HTMLElement>('input[name="title"]:enabled') ??
        element.querySelector<HTMLElement>('.vd-dialog-body :is(input, textarea, select, button):enabled');
      first?.focus();
      if (first instanceof HTMLInputElement) first.select();
    }
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [dialog]);
}
