import { useEffect, useState } from 'react';
import { createUploader, type Uploader, type UploaderOptions } from '../../engine/index.js';
import { HostedUploader } from '../bindings/hosted-uploader.js';
import { useLatest } from './use-latest.js';

/** Settings of an engine that the widget makes for itself. */
export type EngineSettings = Omit<UploaderOptions, 'endpoint' | 'provider' | 'details' | 'ports'>;

/**
 * The engine: the host's own, which may outlive this page, or one made here and destroyed on unmount.
 * A new endpoint or provider makes a new engine. Functions are always asked in their newest form; limits are those
 * of the first render.
 */
export function useEngine(
  given: Uploader | undefined,
  endpoint: string | undefined,
  provider: string | undefined,
  settings: EngineSettings,
): Uploader {
  const [hosted] = useState(() => new HostedUploader());
  const latest = useLatest(settings);

  useEffect(() => {
    if (given || endpoint === undefined || provider === undefined) return;
    const { restrictions, concurrency, onUnauthorized } = latest.current;
    const options: UploaderOptions = {
      endpoint,
      provider,
      details: 'manual',
      headers: async () => {
        const { headers = {} } = latest.current;
        return typeof headers === 'function' ? await headers() : headers;
      },
      metadata: (file) => latest.current.metadata?.(file) ?? {},
    };
    if (restrictions) options.restrictions = restrictions;
    if (concurrency) options.concurrency = concurrency;
    if (onUnauthorized) options.onUnauthorized = () => latest.current.onUnauthorized?.();
    return hosted.connect(() => createUploader(options));
  }, [given, endpoint, provider, hosted, latest]);

  return given ?? hosted;
}
