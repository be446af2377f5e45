import type { ReactNode } from 'react';
import type { UploaderSnapshot } from '../../engine/index.js';
import { useAnnouncements } from '../hooks/use-announcements.js';

/** Puts into words what happens, for the live regions. Also what has happened `since`, while its code was on the way. */
export function Voice({ since }: { since: UploaderSnapshot }): ReactNode {
  useAnnouncements(since);
  return null;
}
