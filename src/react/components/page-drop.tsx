import type { ReactNode } from 'react';
import { Deferred, useDeferred } from '../stores/deferred.js';
import type { PageDropProps } from './page-drop-frame.js';

const frame = new Deferred(() => import('./page-drop-frame.js'));

/** Loaded with the first drag where the whole page takes files; without its code they can be dropped all the same. */
export function PageDrop(props: PageDropProps): ReactNode {
  const Part = useDeferred(frame)?.PageDropFrame;
  return Part && <Part {...props} />;
}
