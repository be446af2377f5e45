import { useEffect, useState } from 'react';
import type { Restrictions, Uploader, UploaderOptions } from '../../engine/index.js';
import { Deferred } from '../stores/deferred.js';
import { engines, type EngineHost } from '../stores/engine-registry.js';
import { HostedUploader } from '../stores/hosted-uploader.js';
import { useLatest } from './use-latest.js';

/** Settings of an engine that the widget makes for itself. */
export type EngineSettings = Omit<UploaderOptions, 'endpoint' | 'provider' | 'polling' | 'ports'>;

/** The engine's code. The drop zone stands without it; files added in the meantime wait in `HostedUploader`. */
const engineModule = new Deferred(() => import('../../engine/index.js'));

/**
 * The engine: the host's own, or one made here. One made here outlives the widget while anything is under way, and
 * is taken over by the next widget with the same endpoint, provider and limits; see `EngineRegistry`.
 *
 * A new endpoint, provider or scope means another engine. Functions are always called in their newest form; limits are those
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
    let letGo: (() => void) | undefined;
    const stop = engineModule.when(({ createUploader }) => {
      const {
        restrictions,
        onUnauthorized,
        headers: _headers,
        metadata: _metadata,
        ...plain
      } = latest.current;
      const host: EngineHost = {
        headers: async () => {
          const { headers = {} } = latest.current;
          return typeof headers === 'function' ? await headers() : headers;
        },
        metadata: async (file) => (await latest.current.metadata?.(file)) ?? {},
        onUnauthorized: onUnauthorized && (() => latest.current.onUnauthorized?.()),
        validate: (file, probe) => latest.current.restrictions?.validate?.(file, probe),
      };
      const { engine, release } = engines.acquire(
        keyOf(endpoint, provider, latest.current),
        host,
        (current) =>
          createUploader({
            ...plain,
            endpoint,
            provider,
            polling: 'manual',
            restrictions: withValidate(restrictions, current),
            headers: () => current.current.headers(),
            metadata: (file) => current.current.metadata(file),
            onUnauthorized: onUnauthorized && (() => current.current.onUnauthorized?.()),
          }),
      );
      const disconnect = hosted.connect(engine);
      letGo = () => {
        disconnect();
        release();
      };
    });
    return () => {
      stop();
      letGo?.();
    };
  }, [given, endpoint, provider, settings.scope, hosted, latest]);

  return given ?? hosted;
}

/** Two routes with other limits are two uploaders, also at the same endpoint. Of functions only their presence counts. */
function keyOf(endpoint: string, provider: string, settings: EngineSettings): string {
  const { restrictions, onUnauthorized, headers: _headers, metadata: _metadata, ...plain } = settings;
  const limits = { ...restrictions, validate: restrictions?.validate !== undefined };
  const text = (_name: string, value: unknown) => (value === Infinity ? 'Infinity' : value);
  return JSON.stringify([endpoint, provider, limits, plain, onUnauthorized !== undefined], text);
}

function withValidate(
  restrictions: Restrictions | undefined,
  host: { readonly current: EngineHost },
): Restrictions | undefined {
  if (!restrictions?.validate) return restrictions;
  return { ...restrictions, validate: (file, probe) => host.current.validate(file, probe) };
}
