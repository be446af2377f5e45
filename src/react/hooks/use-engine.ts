import { useEffect, useState } from 'react';
import { createUploader, type Uploader, type UploaderOptions } from '../../engine/index.js';
import { engines } from '../bindings/engine-registry.js';
import { HostedUploader } from '../bindings/hosted-uploader.js';
import { useLatest } from './use-latest.js';

/** Settings of an engine that the widget makes for itself. */
export type EngineSettings = Omit<UploaderOptions, 'endpoint' | 'provider' | 'polling' | 'ports'>;

/**
 * The engine: the host's own, or one made here. One made here outlives the widget while anything is under way, and
 * is taken over by the next widget with the same endpoint, provider and limits; see `EngineRegistry`.
 *
 * A new endpoint or provider means another engine. Functions are always asked in their newest form; limits are those
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
    const { restrictions, onUnauthorized, headers: _headers, metadata: _metadata, ...plain } = latest.current;
    const host = {
      headers: async () => {
        const { headers = {} } = latest.current;
        return typeof headers === 'function' ? await headers() : headers;
      },
      metadata: (file: File) => latest.current.metadata?.(file) ?? {},
      onUnauthorized: onUnauthorized && (() => latest.current.onUnauthorized?.()),
      validate: (...of: Parameters<NonNullable<NonNullable<typeof restrictions>['validate']>>) =>
        latest.current.restrictions?.validate?.(...of),
    };
    // Two routes with other limits are two uploaders, also at the same endpoint. A function's text is no limit.
    const key = JSON.stringify([
      endpoint,
      provider,
      restrictions,
      restrictions?.validate !== undefined,
      plain,
      onUnauthorized !== undefined,
    ]);
    const { engine, release } = engines.acquire(key, host, (asked) => {
      const options: UploaderOptions = {
        ...plain,
        endpoint,
        provider,
        polling: 'manual',
        headers: () => asked.current.headers(),
        metadata: (file) => asked.current.metadata(file),
      };
      if (restrictions) {
        const { validate, ...limits } = restrictions;
        options.restrictions = {
          ...limits,
          ...(validate && { validate: (file, probe) => asked.current.validate(file, probe) }),
        };
      }
      if (onUnauthorized) options.onUnauthorized = () => asked.current.onUnauthorized?.();
      return createUploader(options);
    });
    const disconnect = hosted.connect(engine);
    return () => {
      disconnect();
      release();
    };
  }, [given, endpoint, provider, hosted, latest]);

  return given ?? hosted;
}
