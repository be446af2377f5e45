import { useRef, useState, type ComponentProps, type DragEvent, type ReactNode } from 'react';
import { hasDevice, useWidget } from '../context.js';
import { NarrowContext, useMeasuredNarrow } from '../hooks/use-is-narrow.js';
import { RootContext } from '../hooks/use-root.js';
import { hasFiles } from '../files/read-drag.js';
import { DetailsHost } from './details-host.js';
import { LiveRegions } from './live-regions.js';
import { Voice } from './lazy.js';

/** Props of {@link UploaderRoot}: the look, and every attribute of its element. */
export interface UploaderRootProps extends Omit<ComponentProps<'div'>, 'onProgress' | 'onError' | 'ref'> {
  /** `auto` (default) follows the system. */
  theme?: 'light' | 'dark' | 'auto';
}

/**
 * The element that carries the tokens, the theme and the live regions. Files pasted anywhere inside are added. Handlers
 * of the host run first; a paste whose default they prevent adds nothing.
 */
export function UploaderRoot({
  theme = 'auto',
  className = '',
  children,
  onPaste,
  onDragOver,
  onDrop,
  ...rest
}: UploaderRootProps): ReactNode {
  const { uploader, addFiles, isDisabled, sources, dropTarget, language, direction, hasWords } = useWidget();
  const root = useRef<HTMLDivElement>(null);
  const isNarrow = useMeasuredNarrow(root);
  const [first] = useState(() => uploader.getSnapshot());
  // A file that misses the zone by a few pixels must not replace the page, also where the host lets other drops do so.
  const keepPage = (event: DragEvent) => {
    if (event.defaultPrevented || dropTarget === 'page' || !hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'none';
  };
  return (
    <div
      lang={language}
      dir={direction}
      {...rest}
      ref={root}
      className={`vd-root ${className}`.trim()}
      data-vodrop="uploader"
      data-theme={theme}
      data-wordless={!hasWords || undefined}
      onPaste={(event) => {
        onPaste?.(event);
        if (event.defaultPrevented || isDisabled || !hasDevice(sources)) return;
        if (event.clipboardData.files.length === 0) return;
        event.preventDefault();
        void addFiles(Array.from(event.clipboardData.files));
      }}
      onDragOver={(event) => {
        onDragOver?.(event);
        keepPage(event);
      }}
      onDrop={(event) => {
        onDrop?.(event);
        keepPage(event);
      }}
    >
      <RootContext value={root}>
        <NarrowContext value={isNarrow}>
          <DetailsHost>
            <div className="vd-stack">{children}</div>
          </DetailsHost>
        </NarrowContext>
      </RootContext>
      <Voice since={first} />
      <LiveRegions />
    </div>
  );
}
