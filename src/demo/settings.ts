import type { UploaderProps } from '../react/index.js';

type WidgetSettings = Pick<
  UploaderProps,
  | 'theme'
  | 'locale'
  | 'maxFiles'
  | 'maxSize'
  | 'maxDuration'
  | 'minDuration'
  | 'maxResolution'
  | 'codecs'
  | 'autoStart'
  | 'dropTarget'
  | 'progressInTitle'
  | 'undo'
  | 'wakeLock'
  | 'capture'
  | 'sources'
  | 'trim'
  | 'shrink'
  | 'keepFilesMaxSize'
  | 'scope'
  | 'duplicates'
  | 'notes'
  | 'layout'
>;

/** What the page starts with. */
export interface DemoSettings extends WidgetSettings {
  provider: string;
  /** Provider of a second widget on the page. */
  second?: string;
  /** Scope of the second widget. */
  secondScope?: string;
  /** Ask on the page when the endpoint answers 401, as an application would. */
  signIn?: boolean;
}

/** `/?provider=huawei-vod&maxFiles=2&maxSize=2GB&theme=dark&locale=ar`: the props one would try first. */
export function settingsFrom(query: URLSearchParams): DemoSettings {
  const text = <T extends string>(name: string) => (query.get(name) ?? undefined) as T | undefined;
  const oneOf = <T extends string>(name: string, ...known: readonly T[]) =>
    known.find((one) => one === query.get(name));
  const maxFiles = Number(query.get('maxFiles'));
  const maxResolution = Number(query.get('maxResolution'));
  const codecs = text('codecs');
  const sources = text('sources');
  const theme = oneOf('theme', 'light', 'dark', 'auto');
  const dropTarget = oneOf('dropTarget', 'zone', 'page');
  const shrink = oneOf('shrink', 'ask', 'always', 'slow-line');
  const capture = oneOf('capture', 'user', 'environment');
  return {
    provider: text('provider') ?? 'huawei-vod',
    second: text('second'),
    secondScope: text('secondScope'),
    locale: text('locale'),
    theme,
    dropTarget,
    capture,
    sources: sources?.split(',') as DemoSettings['sources'],
    shrink: shrink ? { maxHeight: Number(query.get('maxHeight') ?? 1080), when: shrink } : undefined,
    trim: query.get('trim') === 'true' ? true : undefined,
    maxFiles: maxFiles > 0 ? maxFiles : undefined,
    maxSize: text<`${number}`>('maxSize'),
    maxDuration: text<`${number}`>('maxDuration'),
    minDuration: text<`${number}`>('minDuration'),
    keepFilesMaxSize: text<`${number}`>('keepFilesMaxSize'),
    maxResolution: maxResolution > 0 ? maxResolution : undefined,
    codecs: codecs?.split(','),
    scope: text('scope'),
    duplicates: oneOf('duplicates', 'allow', 'refuse', 'ask'),
    notes: query.has('notes') ? query.get('notes') !== 'false' : undefined,
    layout: oneOf('layout', 'list', 'grid'),
    autoStart: query.get('autoStart') === 'false' ? false : undefined,
    progressInTitle: query.get('progressInTitle') === 'false' ? false : true,
    undo: query.get('undo') === 'false' ? false : undefined,
    wakeLock: true,
    signIn: query.get('signIn') === 'ask' ? true : undefined,
  };
}
