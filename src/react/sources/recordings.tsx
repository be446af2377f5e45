import { useEffect, useRef, type ReactNode } from 'react';
import { LateNote } from '../components/late-note.js';
import { useWidget } from '../context.js';
import { useRoot } from '../hooks/use-root.js';
import { useDeferred } from '../stores/deferred.js';
import { linkDialog, recorderDialog } from './dialogs.js';
import type { LinkDialogProps } from './link-dialog.js';
import { looksLikeLinks } from './read-links.js';
import type { RecorderDialogProps } from './recorder-dialog.js';
import { RecordingCard } from './recording-card.js';
import { readSources } from './source-names.js';
import { useOpenSource, useSources } from './sources-store.js';
import { useCanImport } from './use-can-import.js';
import { useRecordings } from './use-recordings.js';
import { useSourceStyles } from './use-source-styles.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';

/** Recordings of earlier visits, each as a card, and the dialog that stands open. */
export function Recordings(): ReactNode {
  const words = useOnDemandWords('sources');
  const { offered, discard } = useRecordings();
  const { open } = useSources();
  useSourceStyles();
  usePastedLinks();
  if (!words) return null;
  return (
    <>
      {offered.length > 0 && (
        <ul className="vd-cards" role="list" aria-label={words.recordings}>
          {offered.map((recording) => (
            <RecordingCard
              key={recording.info.id}
              recording={recording}
              words={words}
              onReview={() => {
                open({ kind: 'review', recording });
              }}
              onDiscard={() => {
                discard(recording.info.id);
              }}
            />
          ))}
        </ul>
      )}
      <OpenDialog />
    </>
  );
}

function OpenDialog(): ReactNode {
  const source = useOpenSource();
  const { close } = useSources();
  const { place, scope } = useWidget();
  // Links belong to an endpoint, too. A recording that is closed is offered where it was made.
  const belongsTo = source?.kind === 'link' ? place : scope;
  const opened = useRef({ source, belongsTo });
  useEffect(() => {
    // It is that of another person, or record.
    if (source && opened.current.source === source && opened.current.belongsTo !== belongsTo) close();
    opened.current = { source, belongsTo };
  }, [source, belongsTo, close]);
  if (!source) return null;
  if (source.kind === 'link')
    return <LinkPlace text={source.text} replaces={source.replaces} onClose={close} />;
  return <RecorderPlace key={source.kind} source={source} onClose={close} />;
}

function LinkPlace(props: LinkDialogProps): ReactNode {
  const words = useOnDemandWords('sources');
  const Dialog = useDeferred(linkDialog)?.LinkDialog;
  return Dialog ? <Dialog {...props} /> : <LateNote text={words?.notLoaded} onClose={props.onClose} />;
}

function RecorderPlace(props: RecorderDialogProps): ReactNode {
  const words = useOnDemandWords('sources');
  const Dialog = useDeferred(recorderDialog)?.RecorderDialog;
  return Dialog ? <Dialog {...props} /> : <LateNote text={words?.notLoaded} onClose={props.onClose} />;
}

/** Links that are pasted anywhere in the widget open the dialog with them. */
function usePastedLinks(): void {
  const { sources, isDisabled } = useWidget();
  const canImport = useCanImport(readSources(sources).includes('link'));
  const { open } = useSources();
  const root = useRoot();
  const isOn = canImport && !isDisabled;
  useEffect(() => {
    const place = root.current;
    if (!isOn || !place) return;
    const onPaste = (event: ClipboardEvent) => {
      const text = event.clipboardData?.getData('text') ?? '';
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea, dialog');
      if (event.defaultPrevented || isTyping || !looksLikeLinks(text)) return;
      event.preventDefault();
      open({ kind: 'link', text });
    };
    place.addEventListener('paste', onPaste);
    return () => {
      place.removeEventListener('paste', onPaste);
    };
  }, [isOn, root, open]);
}
