import { use, useState } from 'react';
import type { UploadSnapshot } from '../../engine/index.js';
import { DetailsContext, useWidget } from '../context.js';
import { FocusWish } from './focus-wish.js';
import { isEditable, useDetailsOffer } from './details-offer.js';
import { howToCancel } from './is-worth-asking.js';
import type { EndKind } from '../stores/pending-ends.js';
import { endOf, playableUrl, verbOf, type Verb } from './row-rules.js';
import { usePendingKind } from './use-pending-ends.js';
import { slotOfFocus, useUndo } from './use-undo.js';
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
  /** What is about to become of it, and can be undone. */
  readonly ending: EndKind | undefined;
  /** Set when it was ended in this row: the focus goes to "Undo" then. */
  readonly focusWish: FocusWish;
  readonly cancel: () => void;
  /** Plays the file of this page, where there is one and nothing in the cloud to play. */
  readonly playLocal: (() => void) | undefined;
  /** What the player shows; undefined while there is nothing to play. */
  readonly player:
    | {
        readonly url: string | undefined;
        readonly isOpen: boolean;
        readonly wasOpen: boolean;
        /** It plays the file instead of an address. */
        readonly isLocal: boolean;
      }
    | undefined;
}

/** The verbs of a row, its question before canceling, and its player. */
export function useRow(view: UseUploadResult, upload: UploadSnapshot): Row {
  const { uploader, renderPlayer, hasUndo } = useWidget();
  const openDetails = use(DetailsContext);
  const offer = useDetailsOffer(upload.source);
  const [isAsking, setIsAsking] = useState(false);
  const [isPlayerOpen, setIsPlayerOpen] = useState(false);
  const [wasPlayerOpen, setWasPlayerOpen] = useState(false);
  const { id, status } = upload;
  const ending = usePendingKind(id);
  const [focusWish] = useState(() => new FocusWish());
  const undo = useUndo();
  const url = status === 'ready' ? playableUrl(upload) : undefined;
  const isLocal = url === undefined && status !== 'canceled' && upload.file !== undefined;
  const play = () => {
    setWasPlayerOpen(true);
    setIsPlayerOpen((isOpen) => !isOpen);
  };
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
    play,
  };
  const cancel = () => {
    setIsAsking(false);
    uploader.cancel(id);
  };
  const endWithUndo = (kind: 'cancel' | 'remove') => {
    if (hasUndo) focusWish.set(slotOfFocus());
    undo.end(kind, [id]);
  };
  const ends = {
    remove: () => {
      // Nothing is lost with the row of what was canceled.
      if (status === 'canceled') view.remove();
      else endWithUndo('remove');
    },
    cancel: () => {
      const how = howToCancel(upload, hasUndo);
      if (how === 'ask') setIsAsking(true);
      else if (how === 'now') view.cancel();
      else endWithUndo('cancel');
    },
  };
  return {
    verb,
    doVerb: ending ? undefined : verb && verbs[verb],
    end,
    doEnd: ending ? undefined : end && ends[end],
    edit,
    doEdit:
      edit === 'possible' && !ending
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
    ending,
    focusWish,
    playLocal: isLocal && !isPlayable && !ending ? play : undefined,
    player:
      isPlayable || isLocal ? { url, isOpen: isPlayerOpen, wasOpen: wasPlayerOpen, isLocal } : undefined,
  };
}
