import { use, useState } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { useWidget } from '../context.js';
import { DetailsContext, isEditable, useDetailsOffer } from './details-offer.js';
import { isWorthAsking } from './is-worth-asking.js';
import { endOf, playableUrl, verbOf, type Verb } from './row-rules.js';
import type { UseUploadResult } from './use-upload.js';
import { useSelected } from './use-uploads.js';

/** What a row offers at the moment. An action is undefined where it is not possible. */
export interface Row {
  readonly verb: Verb | undefined;
  readonly doVerb: (() => void) | undefined;
  readonly end: 'cancel' | 'remove' | undefined;
  readonly doEnd: (() => void) | undefined;
  /** Undefined where no row has anything to edit. */
  readonly edit: 'possible' | 'too-late' | 'unknown' | undefined;
  readonly doEdit: (() => void) | undefined;
  /** True while the row asks whether to cancel. */
  readonly asks: boolean;
  readonly keep: () => void;
  readonly cancel: () => void;
  /** What the player shows; undefined while there is nothing to play. */
  readonly player:
    { readonly url: string | undefined; readonly isOpen: boolean; readonly wasOpen: boolean } | undefined;
}

/** The verbs of a row, its question before canceling, and its player. */
export function useRow(view: UseUploadResult, upload: UploadSnapshot): Row {
  const { uploader, renderPlayer } = useWidget();
  const openDetails = use(DetailsContext);
  const offer = useDetailsOffer();
  const [isAsking, setIsAsking] = useState(false);
  const [isPlayerOpen, setIsPlayerOpen] = useState(false);
  const [wasPlayerOpen, setWasPlayerOpen] = useState(false);
  const { id, status } = upload;
  const url = status === 'ready' ? playableUrl(upload) : undefined;
  const isPlayable = url !== undefined || (status === 'ready' && renderPlayer !== undefined);
  const verb = verbOf(upload, isPlayable);
  const end = endOf(upload);
  const isKnown = useSelected(uploader, ({ capabilities }) => capabilities !== undefined);
  // Until the service has said what it takes, the place of the button is kept.
  const unknown = openDetails && !isKnown ? 'unknown' : undefined;
  const edit = offer ? (isEditable(upload, offer) ? 'possible' : 'too-late') : unknown;

  const verbs: Record<Verb, () => void> = {
    start: view.start,
    pause: view.pause,
    resume: view.resume,
    retry: view.retry,
    play: () => {
      setWasPlayerOpen(true);
      setIsPlayerOpen((isOpen) => !isOpen);
    },
  };
  const cancel = () => {
    setIsAsking(false);
    uploader.cancel(id);
  };
  const ends = {
    remove: view.remove,
    cancel: () => {
      if (isWorthAsking(upload.sentBytes, upload.bytesPerSecond)) setIsAsking(true);
      else cancel();
    },
  };
  return {
    verb,
    doVerb: verb && verbs[verb],
    end,
    doEnd: end && ends[end],
    edit,
    doEdit:
      edit === 'possible'
        ? () => {
            openDetails?.(id);
          }
        : undefined,
    // The upload may have ended while the question stood.
    asks: isAsking && end === 'cancel',
    keep: () => {
      setIsAsking(false);
    },
    cancel,
    player: isPlayable ? { url, isOpen: isPlayerOpen, wasOpen: wasPlayerOpen } : undefined,
  };
}
