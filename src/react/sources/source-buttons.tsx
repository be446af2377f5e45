import { useLayoutEffect, useMemo, type MouseEvent, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import { inputAccept } from '../files/accept.js';
import { pickFiles } from '../files/pick-files.js';
import { focusedBeside } from '../hooks/focused-element.js';
import { useRoot } from '../hooks/use-root.js';
import { hasNativeCapture, recordingAbilities } from './can-record.js';
import { preloadDialog } from './dialogs.js';
import { readSources } from './source-names.js';
import { SourceIcon, type SourceIconName } from './source-icons.js';
import { useSources, type OpenSource } from './sources-store.js';
import { useCanImport } from './use-can-import.js';
import { useSourceStyles } from './use-source-styles.js';
import { useOnDemandWords } from '../hooks/use-on-demand-words.js';

export interface SourceButtonsProps {
  /** Icons only, in the one line of the small zone. */
  isCompact?: boolean;
  isClosed: boolean;
}

/** Link, camera and screen, each where it can be used. */
export function SourceButtons({ isCompact = false, isClosed }: SourceButtonsProps): ReactNode {
  const words = useOnDemandWords('sources');
  const offered = useOffered();
  useSourceStyles();
  useFocusKept();
  if (!words || !offered.length) return null;
  const buttons = offered.map(({ name, icon, label, open, preload }) => {
    const text = words[label];
    return (
      <button
        key={name}
        type="button"
        className="vd-button vd-source"
        data-source={name}
        data-look={isCompact ? 'quiet' : 'line'}
        data-icon-only={isCompact || undefined}
        aria-label={isCompact ? text : undefined}
        title={isCompact ? text : undefined}
        disabled={isClosed}
        onPointerEnter={preload}
        onClick={(event: MouseEvent) => {
          event.stopPropagation();
          open();
        }}
      >
        <SourceIcon name={icon} size={isCompact ? undefined : 'small'} />
        {!isCompact && <bdi className="vd-button-text">{text}</bdi>}
      </button>
    );
  });
  return isCompact ? <span className="vd-sources">{buttons}</span> : <>{buttons}</>;
}

/** By widget: the button that had the focus as it went. */
const left = new WeakMap<object, string>();

/** The zone becomes small with the first video, and has other buttons then: the focus goes to the same one. */
function useFocusKept(): void {
  const root = useRoot();
  useLayoutEffect(() => {
    const widget = root.current;
    const name = left.get(root);
    left.delete(root);
    if (name !== undefined) widget?.querySelector<HTMLElement>(`[data-source="${name}"]`)?.focus();
    return () => {
      const focused = focusedBeside(widget)?.closest<HTMLElement>('[data-source]');
      if (focused?.dataset.source !== undefined) left.set(root, focused.dataset.source);
    };
  }, [root]);
}

interface Offer {
  readonly name: 'link' | 'camera' | 'screen';
  readonly icon: SourceIconName;
  readonly label: 'link' | 'camera' | 'screen' | 'recordVideo';
  readonly open: () => void;
  readonly preload?: (() => void) | undefined;
}

function useOffered(): readonly Offer[] {
  const { sources, accept, capture, addFiles, kind } = useWidget();
  const store = useSources();
  const names = useMemo(() => readSources(sources), [sources]);
  const abilities = useMemo(() => recordingAbilities(), []);
  const canImport = useCanImport(names.includes('link'));
  const dialog = (source: OpenSource) => ({
    open: () => {
      store.open(source);
    },
    preload: () => {
      preloadDialog(source.kind);
    },
  });
  // What is recorded is a video.
  const takesVideos = kind === 'video' || kind === 'file';
  return names.flatMap((name): readonly Offer[] => {
    switch (name) {
      case 'camera':
        if (!takesVideos) return [];
        if (abilities.camera)
          return [{ name, icon: 'camera', label: 'camera', ...dialog({ kind: 'camera' }) }];
        // The camera of the system; with `capture` its button is there already.
        if (!hasNativeCapture() || capture) return [];
        return [
          {
            name,
            icon: 'camera',
            label: 'recordVideo',
            open: () => {
              void pickFiles({ accept: inputAccept(accept), capture: 'environment' }).then((files) =>
                files.length ? addFiles(files) : undefined,
              );
            },
          },
        ];
      case 'screen':
        return takesVideos && abilities.screen
          ? [{ name, icon: 'screen', label: 'screen', ...dialog({ kind: 'screen' }) }]
          : [];
      case 'link':
        return canImport
          ? [{ name, icon: 'link', label: 'link', ...dialog({ kind: 'link', text: '' }) }]
          : [];
      case 'device':
        return [];
      default:
        return name satisfies never;
    }
  });
}
