import { useEffect, useState, type ReactNode } from 'react';
import { Button } from '../components/button.js';
import { useWidget } from '../context.js';
import { useDeferred } from '../stores/deferred.js';
import { recorderDialog } from './dialogs.js';
import { RecordingCard } from './recording-card.js';
import { useOpenSource, useSources } from './sources-store.js';
import { useRecordings } from './use-recordings.js';
import { useSourceStyles } from './use-source-styles.js';
import { useSourceWords } from './use-source-words.js';

/** Recordings of earlier visits, each as a card, and the dialog that stands open. */
export function Recordings(): ReactNode {
  const words = useSourceWords();
  const { offered, discard } = useRecordings();
  const { open } = useSources();
  useSourceStyles();
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
  if (!source || source.kind === 'link') return null;
  return <RecorderPlace key={source.kind} source={source} onClose={close} />;
}

const patienceMs = 8000;

/** The dialog once it is loaded. It is asked for again and again; after some seconds that is said. */
function RecorderPlace(props: Parameters<RecorderDialogType>[0]): ReactNode {
  const Dialog = useDeferred(recorderDialog)?.RecorderDialog;
  const words = useSourceWords();
  const { messages } = useWidget();
  const [isLate, setIsLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      setIsLate(true);
    }, patienceMs);
    return () => {
      clearTimeout(timer);
    };
  }, []);
  if (Dialog) return <Dialog {...props} />;
  if (!isLate || !words) return null;
  return (
    <div className="vd-panel">
      <div className="vd-note" role="alert">
        <span />
        <bdi>{words.notLoaded}</bdi>
        <Button label={messages.dismiss} icon="x" isIconOnly onClick={props.onClose} />
      </div>
    </div>
  );
}

type RecorderDialogType = NonNullable<ReturnType<typeof recorderDialog.peek>>['RecorderDialog'];
