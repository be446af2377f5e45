import { useEffect, useRef, type ReactNode } from 'react';
import { useWidget } from '../context.js';
import type { Drag } from '../files/read-drag.js';
import { Icon, type IconName } from './icon.js';

export interface PageDropProps {
  drag: Drag;
  words: { icon: IconName; title: ReactNode; note: readonly string[] };
}

/**
 * One frame around the page and one sentence, while files hang over it. It is a popover, so that it lies above whatever
 * the host has; pointers go through it.
 */
export function PageDropFrame({ drag, words }: PageDropProps): ReactNode {
  const { messages, format, kind } = useWidget();
  const overlay = useRef<HTMLDivElement>(null);
  useEffect(() => {
    overlay.current?.showPopover?.();
  }, []);
  const title =
    drag.state === 'accept' ? messages.dropAnywhere({ count: drag.count, kind }, format) : words.title;
  return (
    <div
      className="vd-page-drop"
      popover="manual"
      ref={overlay}
      data-vodrop="page-drop"
      data-drag={drag.state}
      aria-hidden="true"
    >
      <div className="vd-page-drop-note">
        <Icon name={words.icon} />
        <div>
          <div className="vd-note-title">
            <bdi>{title}</bdi>
          </div>
          {words.note.length > 0 && (
            <div className="vd-zone-note">
              <bdi>{words.note.join(' · ')}</bdi>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
