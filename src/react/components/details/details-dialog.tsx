import { useEffect, useRef, useState, type ReactNode } from 'react';
import type { UploadSnapshot } from '../../../engine/index.js';
import { useWidget } from '../../context.js';
import { wholePercent } from '../../format/index.js';
import { useDetailsOffer, type DetailsOffer } from '../../hooks/details-offer.js';
import { focusedElement } from '../../hooks/focused-element.js';
import { countedBytes } from '../../hooks/row-rules.js';
import { useUpload } from '../../hooks/use-upload.js';
import { findUpload } from '../../stores/snapshot-index.js';
import { Button } from '../button.js';
import { FileName } from '../file-name.js';
import { ProgressLine } from '../progress-line.js';
import { StatusLine } from '../status-line.js';
import { ratiosIn } from '../upload-item.js';
import { CoverField } from './cover-field.js';
import { OptionFields } from './option-fields.js';
import { SubtitlesField } from './subtitles-field.js';
import { useDraft, type UseDraftResult } from './use-draft.js';
import { useSubmit } from './use-submit.js';

/** Cover, subtitles, title and what the host asks for, while the upload goes on. The browser's own dialog. */
export function DetailsDialog({ id, onClose }: { id: string; onClose: () => void }): ReactNode {
  const { upload } = useUpload(id);
  const offer = useDetailsOffer();
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
  const { uploader, messages } = useWidget();
  const dialog = useRef<HTMLDialogElement>(null);
  const { draft, change, setOption, save } = useDraft(uploader, upload);
  const [isTooLate, setIsTooLate] = useState(false);
  useOpen(dialog);
  const { submit, onKeyDown, onClick } = useSubmit(dialog, () => {
    if (save()) dialog.current?.close();
    else setIsTooLate(true);
  });

  const rightSide = hasRightSide(offer);

  return (
    <dialog
      ref={dialog}
      className="vd-dialog"
      data-vodrop="details"
      data-columns={offer.cover && rightSide ? 2 : 1}
      aria-label={messages.detailsLabel(upload.fileName)}
      onClose={onClose}
      onKeyDown={onKeyDown}
      onClick={(event) => {
        if (event.target === event.currentTarget) dialog.current?.close();
        else onClick(event);
      }}
    >
      <div className="vd-dialog-form">
        <DialogHead upload={upload} onClose={() => dialog.current?.close()} />
        <DialogBody upload={upload} offer={offer} draft={draft} change={change} setOption={setOption} />
        <div className="vd-dialog-foot">
          <div className="vd-dialog-note" role={isTooLate ? 'alert' : undefined}>
            <bdi>{messages[noteOf(upload, offer, isTooLate)]}</bdi>
          </div>
          <Button label={messages.cancel} onClick={() => dialog.current?.close()} />
          <Button label={messages.save} look="fill" onClick={submit} />
        </div>
      </div>
    </dialog>
  );
}

const hasRightSide = ({ fields, subtitles, hasForm }: DetailsOffer) =>
  fields.length > 0 || subtitles !== undefined || hasForm;

/** When what the dialog holds is sent, or that it is too late. */
function noteOf(
  { canSetOptions }: UploadSnapshot,
  { cover, subtitles, fields }: DetailsOffer,
  isTooLate: boolean,
): 'sentAfter' | 'sentAtStart' | 'tooLate' {
  if (!canSetOptions) return fields.length || isTooLate ? 'tooLate' : 'sentAfter';
  const canFollow = cover?.when === 'any' || subtitles?.when === 'any';
  return canFollow && !fields.length ? 'sentAfter' : 'sentAtStart';
}

function DialogBody({
  upload,
  offer,
  draft,
  change,
  setOption,
}: Pick<UseDraftResult, 'draft' | 'change' | 'setOption'> & {
  upload: UploadSnapshot;
  offer: DetailsOffer;
}): ReactNode {
  const { renderDetails } = useWidget();
  // What is offered at the start only is closed once that is under way.
  const isEditable = (when: 'start' | 'any' | undefined) => upload.canSetOptions || when === 'any';
  return (
    <div className="vd-dialog-body">
      {offer.cover && (
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
      {hasRightSide(offer) && (
        <section className="vd-side">
          <OptionFields
            fields={offer.fields}
            options={draft.options}
            isEditable={upload.canSetOptions}
            onChange={setOption}
          />
          {offer.subtitles && (
            <SubtitlesField
              upload={upload}
              rule={offer.subtitles}
              isEditable={isEditable(offer.subtitles.when)}
              draft={draft}
              onChange={change}
            />
          )}
          {renderDetails?.({
            upload,
            options: draft.options,
            setOptions: (options) => {
              change({ options: { ...draft.options, ...options } });
            },
            isEditable: upload.canSetOptions,
          })}
        </section>
      )}
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
    }
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, [dialog]);
}
