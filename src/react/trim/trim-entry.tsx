import type { ReactNode } from 'react';
import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { IconShape } from '../components/icon-shape.js';
import { useWidget } from '../context.js';
import { useIsLate } from '../hooks/use-is-late.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import type { TrimEditorProps } from './trim-editor.js';
import { useTrimStyles } from './use-trim-styles.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';

/** The editor is loaded when it is wanted; this stands in the details dialog. */
const editor = new Deferred(() => import('./trim-editor.js'));
const patienceMs = 8000;
const scissors =
  'M6 8.25a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5zM6 16.25a2.25 2.25 0 1 0 0-4.5 2.25 2.25 0 0 0 0 4.5zM7.8 7.4 16.5 15M7.8 12.6 16.5 5';

/** Opens the editor. */
export function TrimButton({ onClick }: { onClick: () => void }): ReactNode {
  const words = useOnDemandWords('trim');
  useTrimStyles();
  if (!words) return null;
  const preload = () => void editor.load();
  return (
    <button
      type="button"
      className="vd-button vd-trim-open"
      data-look="line"
      data-vodrop="trim-open"
      onPointerEnter={preload}
      onFocus={preload}
      onClick={onClick}
    >
      <IconShape name="scissors" path={scissors} size="small" />
      <bdi className="vd-button-text">{words.trim}</bdi>
    </button>
  );
}

/** The editor; while it is loaded nothing, and after some seconds a word about it. */
export function TrimPlace(props: Omit<TrimEditorProps, 'words'>): ReactNode {
  const words = useOnDemandWords('trim');
  const Editor = useDeferred(editor)?.TrimEditor;
  useTrimStyles();
  if (!words || !Editor) return <Late onBack={props.onBack} text={words?.notLoaded} />;
  return <Editor {...props} words={words} />;
}

function Late({ text, onBack }: { text: string | undefined; onBack: (() => void) | undefined }): ReactNode {
  const { messages } = useWidget();
  const isLate = useIsLate(patienceMs);
  return (
    <div className="vd-dialog-body">
      {isLate && text !== undefined && (
        <div className="vd-trim-note" role="alert">
          <Icon name="alert" />
          <bdi>{text}</bdi>
          {onBack && <Button label={messages.close} look="line" onClick={onBack} />}
        </div>
      )}
    </div>
  );
}
