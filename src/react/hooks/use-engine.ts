import { useEffect, useInsertionEffect, useRef, useState, type RefObject } from 'react';
import type { Uploader, UploaderOptions } from '../../engine/index.js';
import { warnOnce } from '../../engine/shared.js';
import { Deferred } from '../stores/deferred.js';
import { engines, type EngineSettings } from '../stores/engines.js';
import { createHostedUploader } from '../stores/hosted-uploader.js';

/** The engine's code. The drop zone renders without it; files added meanwhile wait in `HostedUploader`. */
const engineModule = new Deferred(() => import('../../engine/index.js'));

/**
 * The engine: the host's own, or one made here. One made here outlives the widget while anything is under way, and
 * is taken over by the next widget with the same endpoint, provider and scope; see `EngineRegistry`.
 *
 * A new endpoint, provider or scope means another engine. Limits, functions and `autoStart` are obeyed in their newest
 * form; what the engine reads only when it is made, see {@link fixedSettings}, is that of the first render.
 */
export function useEngine(
  given: Uploader | undefined,
  endpoint: string | undefined,
  provider: string | undefined,
  settings: EngineSettings,
): Uploader {
  const [hosted] = useState(createHostedUploader);
  // An engine that is left keeps the settings of its own scope: its uploads are those of another person, or record.
  const place = useSettingsOf(JSON.stringify([endpoint, provider, settings.scope ?? '']), settings);
  useFixedSettings(given ? undefined : settings);

  useEffect(() => {
    if (given || endpoint === undefined || provider === undefined) return;
    const { latest } = place.current;
    let letGo: (() => void) | undefined;
    const stop = engineModule.when(({ createUploader }) => {
      const { engine, release } = engines.acquire(
        keyOf(endpoint, provider, latest.current),
        () => latest.current,
        (current) => createUploader(engineOptions(endpoint, provider, current)),
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
  }, [given, endpoint, provider, settings.scope, hosted, place]);

  return given ?? hosted;
}

interface Place {
  readonly key: string;
  readonly latest: { current: EngineSettings };
}

/** The newest settings of the present key, for effects. Those of another key are another object. */
function useSettingsOf(key: string, settings: EngineSettings): RefObject<Place> {
  const place = useRef<Place>({ key, latest: { current: settings } });
  useInsertionEffect(() => {
    if (place.current.key === key) place.current.latest.current = settings;
    else place.current = { key, latest: { current: settings } };
  });
  return place;
}

/** Options that always read the settings of the widget that has the engine. */
function engineOptions(endpoint: string, provider: string, current: () => EngineSettings): UploaderOptions {
  return {
    ...fixedOf(current()),
    scope: current().scope,
    endpoint,
    provider,
    polling: 'manual',
    get restrictions() {
      return current().restrictions;
    },
    get duplicates() {
      return current().duplicates;
    },
    get notes() {
      return current().notes;
    },
    get autoStart() {
      return current().autoStart;
    },
    get keepFilesMaxSizeBytes() {
      return current().keepFilesMaxSizeBytes;
    },
    get partSizeBytes() {
      return current().partSizeBytes;
    },
    isSignInPage: (response) => current().isSignInPage?.(response) ?? false,
    headers: async () => {
      const { headers = {} } = current();
      return typeof headers === 'function' ? await headers() : headers;
    },
    metadata: async (file) => (await current().metadata?.(file)) ?? {},
    onUnauthorized: current().onUnauthorized && (() => current().onUnauthorized?.()),
  };
}

/** The settings that an engine reads only when it is made. */
const fixedSettings = ['concurrency', 'abandonAfterMs', 'retry', 'credentials'] as const;

function fixedOf(settings: EngineSettings): Pick<EngineSettings, (typeof fixedSettings)[number]> {
  return Object.fromEntries(fixedSettings.map((name) => [name, settings[name]]));
}

/** Warns the developer when one of them changes and nothing follows. */
function useFixedSettings(settings: EngineSettings | undefined): void {
  const [first] = useState(settings);
  useEffect(() => {
    if (!first || !settings || first.scope !== settings.scope) return;
    for (const name of fixedSettings)
      if (JSON.stringify(first[name]) !== JSON.stringify(settings[name]))
        warnOnce(`"${name}" is read when the engine is made; its change has no effect.`);
  });
}

/** Of functions only their presence counts. */
function keyOf(endpoint: string, provider: string, settings: EngineSettings): string {
  const { scope = '', onUnauthorized } = settings;
  return JSON.stringify([endpoint, provider, scope, fixedOf(settings), onUnauthorized !== undefined]);
}
