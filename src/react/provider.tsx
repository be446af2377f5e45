import { useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { AddItem, Restrictions, Uploader } from '../engine/index.js';
import { callHost, reportHostError, warnOnce } from '../engine/shared.js';
import { Background } from './components/lazy.js';
import { WidgetContext } from './context.js';
import { defaultAccept, kindOf } from './files/accept.js';
import { fileOf, isRejected } from './files/items.js';
import { parseSize } from './format/index.js';
import { useEngine } from './hooks/use-engine.js';
import { useLatest } from './hooks/use-latest.js';
import { useLeaveWarning } from './hooks/use-leave-warning.js';
import { readLimit, useRestrictions } from './hooks/use-restrictions.js';
import { useUploadEvents } from './hooks/use-upload-events.js';
import { useWords } from './hooks/use-words.js';
import { nestedSettings, type Metadata, type UploaderSettings, type UploaderSource } from './settings.js';
import { Announcer } from './stores/announcer.js';
import type { EngineSettings } from './stores/engines.js';
import { engineOf } from './stores/hosted-uploader.js';
import { RowFinder } from './stores/row-finder.js';
import type { ShrinkRule } from './trim/shrink-rule.js';

/** Props of {@link UploaderProvider}: where uploads go, and every setting. */
export type UploaderProviderProps<M extends Metadata = Metadata> = UploaderSource &
  UploaderSettings<M> & { children?: ReactNode };

/**
 * Holds the engine and the words for the components inside. Renders nothing itself; see `UploaderRoot` for the look.
 * Around the routes of an application it keeps one engine for all of them: an `<Uploader />` inside needs no endpoint.
 */
export function UploaderProvider<M extends Metadata = Metadata>(props: UploaderProviderProps<M>): ReactNode {
  const {
    disabled = false,
    autoStart = true,
    dropTarget = 'zone',
    preventStrayDrops = true,
    capture,
    renderDetails,
    renderPlayer,
  } = props;
  const ways = useWays(props);
  const restrictions = useRestrictions(props);
  const uploader = useEngine(
    props.uploader,
    props.endpoint,
    props.provider,
    engineSettings(props, restrictions),
  );
  useUploadEvents(uploader, props);
  const wording = useWords(props.locale, props.messages, uploader);
  useLeaveWarning(props.warnOnLeave ?? true, uploader);
  const addFiles = useAddFiles(props, uploader, ways);
  const signIn = useSignIn(props, uploader);
  const onDone = useOnDone(props);
  const [shared] = useState(() => ({ announcer: new Announcer(), rows: new RowFinder() }));
  const hasUndo = props.undo ?? true;
  const accept = restrictions.accept ?? defaultAccept;
  const widget = useMemo(
    () => ({
      uploader,
      ...wording,
      restrictions,
      accept,
      kind: kindOf(accept),
      isDisabled: disabled,
      autoStart,
      dropTarget,
      preventStrayDrops,
      capture,
      ...ways,
      renderDetails,
      renderPlayer,
      hasUndo,
      ...shared,
      addFiles,
      onDone,
      signIn,
    }),
    [
      uploader,
      wording,
      restrictions,
      accept,
      disabled,
      autoStart,
      dropTarget,
      preventStrayDrops,
      capture,
      ways,
      renderDetails,
      renderPlayer,
      hasUndo,
      shared,
      addFiles,
      onDone,
      signIn,
    ],
  );
  return (
    <WidgetContext value={widget}>
      {props.children}
      <Background uploader={uploader} wording={wording} kind={widget.kind} {...backgroundOf(props)} />
    </WidgetContext>
  );
}

/** How films come in, and what is done with them before they are sent. */
function useWays<M extends Metadata>(props: UploaderProviderProps<M>) {
  const { endpoint, provider, scope = '', trim = false, shrink } = props;
  const rule = JSON.stringify(shrink);
  const sources = String(props.sources ?? '');
  const place = [endpoint, provider, scope].join(' ');
  return useMemo(
    () => ({ sources, scope, place, trim, shrink: rule ? (JSON.parse(rule) as ShrinkRule) : undefined }),
    [sources, scope, place, trim, rule],
  );
}

const backgroundOf = <M extends Metadata>({
  progressInTitle = false,
  wakeLock = false,
  notifyWhenReady = false,
}: UploaderSettings<M>) => ({ progressInTitle, wakeLock, notifyWhenReady });

/** Uses the engine of the provider around where no source is given, else makes a provider. */
export function WithProvider<M extends Metadata>({
  children,
  ...props
}: Partial<UploaderSource> & UploaderSettings<M> & { children: ReactNode }): ReactNode {
  const around = useContext(WidgetContext);
  const hasSource = props.uploader !== undefined || props.endpoint !== undefined;
  if (around && !hasSource)
    return (
      <NestedProvider around={around} settings={props}>
        {children}
      </NestedProvider>
    );
  return <UploaderProvider {...(props as UploaderProviderProps<M>)}>{children}</UploaderProvider>;
}

/** What a widget inside a provider decides for itself; the rest belongs to the provider. */
function NestedProvider<M extends Metadata>({
  around,
  settings,
  children,
}: {
  around: WidgetContext;
  settings: UploaderSettings<M>;
  children: ReactNode;
}): ReactNode {
  const {
    disabled = false,
    dropTarget = around.dropTarget,
    preventStrayDrops = around.preventStrayDrops,
    capture = around.capture,
    renderDetails = around.renderDetails,
    renderPlayer = around.renderPlayer,
  } = settings;
  const sources = String(settings.sources ?? around.sources);
  useUploadEvents(around.uploader, settings);
  const addFiles = useNestedAddFiles(settings, around);
  const ownOnDone = useOnDone(settings);
  const onDone = ownOnDone ?? around.onDone;
  const isDisabled = around.isDisabled || disabled;
  useEffect(() => {
    const ignored = Object.entries(settings)
      .filter(([name, value]) => value !== undefined && !nestedSettings.has(name))
      .map(([name]) => name);
    if (ignored.length)
      warnOnce(`<Uploader> inside a UploaderProvider ignores ${ignored.join(', ')}: set it on the provider.`);
  });
  const widget = useMemo(
    () => ({
      ...around,
      isDisabled,
      dropTarget,
      preventStrayDrops,
      capture,
      sources,
      renderDetails,
      renderPlayer,
      addFiles,
      onDone,
    }),
    [
      around,
      isDisabled,
      dropTarget,
      preventStrayDrops,
      capture,
      sources,
      renderDetails,
      renderPlayer,
      addFiles,
      onDone,
    ],
  );
  return <WidgetContext value={widget}>{children}</WidgetContext>;
}

/** Asks the widget's own `onFilesAdded` first, then the provider's. */
function useNestedAddFiles<M extends Metadata>(
  settings: UploaderSettings<M>,
  { uploader, addFiles }: WidgetContext,
): WidgetContext['addFiles'] {
  const latestRef = useLatest(settings);
  return useCallback(
    async (items, engine = engineOf(uploader)) => {
      const result = await addFiles(await askHost(items, latestRef.current.onFilesAdded), engine);
      if (result.rejections.length) callHost(() => latestRef.current.onRejected?.(result.rejections));
      return result;
    },
    [addFiles, uploader, latestRef],
  );
}

function useAddFiles<M extends Metadata>(
  props: UploaderSettings<M>,
  uploader: Uploader,
  { place, shrink }: Pick<WidgetContext, 'place' | 'shrink'>,
): WidgetContext['addFiles'] {
  const latestRef = useLatest(props);
  return useCallback(
    // The host may take its time: the files are those of the person who is there now.
    async (items, engine = engineOf(uploader)) => {
      const asked = await askHost(items, latestRef.current.onFilesAdded);
      // Without its code, films go as they are.
      const gate = shrink && (await import('./trim/shrink-gate.js').catch(() => undefined));
      const keepBytes = gate && readLimit('keepFilesMaxSize', latestRef.current.keepFilesMaxSize, parseSize);
      const result = await (gate
        ? gate.addOrShrink(asked, { uploader, engine, place, rule: shrink, keepBytes })
        : engine.add(asked));
      if (result.rejections.length) {
        callHost(() => latestRef.current.onRejected?.(result.rejections));
      }
      return result;
    },
    [uploader, place, shrink, latestRef],
  );
}

/** What is left of the items after the host was asked. What cannot be opened is not the host's to decide. */
async function askHost(
  items: readonly AddItem[],
  onFilesAdded: UploaderSettings['onFilesAdded'],
): Promise<readonly AddItem[]> {
  const offered = items.filter((item) => !isRejected(item));
  if (!onFilesAdded || !offered.length) return items;
  const rejected = items.filter(isRejected);
  try {
    const answer = await onFilesAdded(offered.map(fileOf));
    if (answer === false) return rejected;
    // The host answers with files; their handles and paths are found again by identity.
    const known = new Map(offered.map((item) => [fileOf(item), item]));
    return answer ? [...answer.map((file) => known.get(file) ?? file), ...rejected] : items;
  } catch (error) {
    reportHostError(error);
    const rejection = {
      code: 'custom',
      message: error instanceof Error ? error.message : String(error),
    } as const;
    return [...offered.map((item) => ({ file: fileOf(item), rejection })), ...rejected];
  }
}

/** The newest `onDone`; the same function as long as there is one. */
function useOnDone<M extends Metadata>(props: UploaderSettings<M>): (() => void) | undefined {
  const latestRef = useLatest(props);
  const call = useCallback(() => {
    callHost(() => latestRef.current.onDone?.());
  }, [latestRef]);
  return props.onDone && call;
}

function useSignIn<M extends Metadata>(props: UploaderProviderProps<M>, uploader: Uploader): () => void {
  const latestRef = useLatest(props);
  return useCallback(() => {
    // An engine made here calls `onUnauthorized` when the endpoint still answers 401. One of the host's own does not
    // know this prop. The host shows what fails while signing in; uploads continue to wait.
    const answer = latestRef.current.uploader ? latestRef.current.onUnauthorized?.() : undefined;
    void Promise.resolve(answer).then(
      () => {
        uploader.notifySignedIn();
      },
      () => undefined,
    );
  }, [uploader, latestRef]);
}

function engineSettings<M extends Metadata>(
  {
    headers,
    concurrency,
    scope,
    duplicates,
    notes,
    metadata,
    onUnauthorized,
    autoStart,
    keepFilesMaxSize,
    abandonAfterMs,
    retry,
    partSize,
    credentials,
    isSignInPage,
  }: UploaderSettings<M>,
  restrictions: Restrictions,
): EngineSettings {
  return {
    restrictions,
    headers,
    concurrency: typeof concurrency === 'number' ? { files: concurrency } : concurrency,
    scope,
    duplicates,
    notes,
    metadata,
    onUnauthorized,
    autoStart,
    keepFilesMaxSizeBytes: readLimit('keepFilesMaxSize', keepFilesMaxSize, parseSize),
    abandonAfterMs,
    retry,
    partSizeBytes: readLimit('partSize', partSize, parseSize),
    credentials,
    isSignInPage,
  };
}
