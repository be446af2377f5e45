import { useEffect, type ReactNode } from 'react';
import { useDetailsPolling } from '../hooks/use-details-polling.js';
import { Deferred, useDeferred } from '../stores/deferred.js';
import { forgetEnds } from '../stores/undo-code.js';
import type { PageEffectsProps } from './page-effects.js';

export type BackgroundProps = PageEffectsProps;

/** What a provider does beside the page while there are uploads; it shows nothing, so it loads with the rows. */
export function Background(props: BackgroundProps): ReactNode {
  const { uploader, progressInTitle, wakeLock, notifyWhenReady } = props;
  useDetailsPolling(uploader);
  useEffect(
    () => () => {
      forgetEnds(uploader);
    },
    [uploader],
  );
  return (progressInTitle || wakeLock || notifyWhenReady) && <LoadedEffects {...props} />;
}

/** Loaded where the host wants one of them. */
export const pageEffects = new Deferred(() => import('./page-effects.js'));

function LoadedEffects(props: PageEffectsProps): ReactNode {
  const Part = useDeferred(pageEffects)?.PageEffects;
  return Part && <Part {...props} />;
}
