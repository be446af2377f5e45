import { useState, type ReactNode } from 'react';
import { localeTags, Uploader, UploaderDock, type UploadSnapshot } from '../react/index.js';
import { Panel } from './panel.js';
import type { DemoSettings } from './settings.js';

const providers: Record<string, string> = {
  'huawei-vod': 'Huawei Cloud VOD',
  'huawei-metastudio': 'Huawei MetaStudio',
  'alibaba-vod': 'ApsaraVideo VOD',
  'tencent-vod': 'Tencent VOD',
  s3: 'Amazon S3',
  's3-sts': 'Amazon S3, temporary keys',
};
/** Each language by its own name. */
const languages = Object.fromEntries(
  localeTags.map((tag) => [tag, new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag]),
);
const themes: Record<string, string> = { auto: 'As the system', light: 'Light', dark: 'Dark' };
const views = { upload: 'Upload', library: 'Library' };

/** The product's shop window: the widget as an application would hold it, with the weather and the store in sight. */
export function Page({ initial }: { initial: DemoSettings }): ReactNode {
  const {
    provider: firstProvider,
    locale: firstLocale,
    theme: firstTheme = 'auto',
    signIn = false,
    second,
    ...settings
  } = initial;
  const [provider, setProvider] = useState(firstProvider);
  const [locale, setLocale] = useState(firstLocale);
  const [theme, setTheme] = useState<'light' | 'dark' | 'auto'>(firstTheme);
  const [view, setView] = useState<keyof typeof views>('upload');
  const [goOn, setGoOn] = useState<() => void>();
  const [ready, setReady] = useState<readonly UploadSnapshot[]>([]);
  const change = (name: string, set: (value: string) => void) => (value: string) => {
    const url = new URL(location.href);
    url.searchParams.set(name, value);
    history.replaceState(null, '', url);
    set(value);
  };

  const askToSignIn = () =>
    new Promise<void>((resolve) => {
      setGoOn(() => resolve);
    });

  return (
    <div className="page" data-theme={theme}>
      <header className="page-head">
        <div className="page-brand">
          <img src="/icon.svg" alt="" width="22" height="22" />
          vodrop
        </div>
        <nav className="page-nav" aria-label="Pages">
          {Object.entries(views).map(([key, label]) => (
            <button
              key={key}
              type="button"
              aria-current={view === key ? 'page' : undefined}
              onClick={() => {
                setView(key as keyof typeof views);
              }}
            >
              {label}
            </button>
          ))}
        </nav>
        <div className="page-choices">
          <Choice
            label="Cloud"
            value={provider}
            options={providers}
            onChange={change('provider', setProvider)}
          />
          <Choice
            label="Language"
            value={typeof locale === 'string' ? locale : 'en'}
            options={languages}
            onChange={change('locale', setLocale)}
          />
          <Choice
            label="Theme"
            value={theme}
            options={themes}
            onChange={change('theme', (value) => {
              setTheme(value as typeof theme);
            })}
          />
        </div>
      </header>
      <main className="page-body">
        {view === 'upload' ? (
          <>
            <div className="page-title">
              <h1>Upload videos</h1>
              <p>
                Straight from this browser to the video cloud: checked part by part, and continued after a
                reload.
              </p>
            </div>
            {goOn && (
              <p role="alert">
                Your session has expired.{' '}
                <button
                  type="button"
                  onClick={() => {
                    goOn();
                    setGoOn(undefined);
                  }}
                >
                  Sign in
                </button>
              </p>
            )}
            <Uploader
              key={provider}
              endpoint="/api/uploads"
              provider={provider}
              theme={theme}
              locale={locale}
              {...settings}
              onUnauthorized={signIn ? askToSignIn : undefined}
              onReady={(upload) => {
                setReady((before) => [...before.filter(({ id }) => id !== upload.id), upload]);
              }}
            />
            {second !== undefined && (
              <Uploader
                endpoint="/api/uploads"
                provider={second}
                theme={theme}
                locale={locale}
                className="page-second"
              />
            )}
            <Panel ready={ready} />
          </>
        ) : (
          <div className="page-title">
            <h1>Library</h1>
            <p>
              Another page of the application. Uploads go on, and the dock in the corner says how far they
              are.
            </p>
          </div>
        )}
      </main>
      <UploaderDock
        theme={theme}
        locale={locale}
        onShow={() => {
          setView('upload');
        }}
      />
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: Record<string, string>;
  onChange: (value: string) => void;
}

function Choice({ label, value, options, onChange }: ChoiceProps): ReactNode {
  return (
    <label className="page-choice">
      <span>{label}</span>
      <select
        value={value}
        onChange={(event) => {
          onChange(event.currentTarget.value);
        }}
      >
        {!(value in options) && <option value={value}>{value}</option>}
        {Object.entries(options).map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
