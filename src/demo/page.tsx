import { useState, type ReactNode } from 'react';
import {
  localeTags,
  Uploader,
  UploaderDock,
  UploaderProvider,
  useUploader,
  type UploadSnapshot,
} from '../react/index.js';
import { CodeSample } from './code-sample.js';
import { Panel } from './panel.js';
import { canMakeSamples, makeSamples, samplesMegabytes } from './samples.js';
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

type View = keyof typeof views;
type Theme = NonNullable<DemoSettings['theme']>;

/** The widget as an application holds it, with the sandbox's faults and the stored objects below. */
export function Page({ initial }: { initial: DemoSettings }): ReactNode {
  const [provider, setProvider] = useState(initial.provider);
  const [locale, setLocale] = useState(initial.locale);
  const [theme, setTheme] = useState<Theme>(initial.theme ?? 'auto');
  const [view, setView] = useState<View>('upload');

  return (
    <div className="page" data-theme={theme}>
      <header className="page-head">
        <div className="page-brand">
          <img src="/icon.svg" alt="" width="22" height="22" />
          vodrop
        </div>
        <Navigation view={view} onChange={setView} />
        <div className="page-choices">
          <Choice
            label="Language"
            value={typeof locale === 'string' ? locale : 'en'}
            options={languages}
            onChange={inAddress('locale', setLocale)}
          />
          <Choice
            label="Theme"
            value={theme}
            options={themes}
            onChange={inAddress('theme', (value) => {
              setTheme(value as Theme);
            })}
          />
        </div>
      </header>
      <main className="page-body">
        {view === 'upload' ? (
          <UploadView
            settings={{ ...initial, provider, locale, theme }}
            onProvider={inAddress('provider', setProvider)}
            onDone={() => {
              setView('library');
            }}
          />
        ) : (
          <div className="page-title">
            <h1>Library</h1>
            <p>Another page of the application. Uploads continue; the dock in the corner shows them.</p>
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

/** Also writes the choice into the address, so that a reload keeps it. */
const inAddress = (name: string, set: (value: string) => void) => (value: string) => {
  const url = new URL(location.href);
  url.searchParams.set(name, value);
  history.replaceState(null, '', url);
  set(value);
};

function Navigation({ view, onChange }: { view: View; onChange: (view: View) => void }): ReactNode {
  return (
    <nav className="page-nav" aria-label="Pages">
      {Object.entries(views).map(([key, label]) => (
        <button
          key={key}
          type="button"
          aria-current={view === key ? 'page' : undefined}
          onClick={() => {
            onChange(key as View);
          }}
        >
          {label}
        </button>
      ))}
    </nav>
  );
}

interface UploadViewProps {
  settings: DemoSettings;
  onProvider: (provider: string) => void;
  onDone: () => void;
}

function UploadView({ settings, onProvider, onDone }: UploadViewProps): ReactNode {
  const { signIn = false, second, secondScope, layout, ...widget } = settings;
  const { provider, theme, locale } = widget;
  const { proceed, askToSignIn, signedIn } = useSignIn();
  const [ready, setReady] = useState<readonly UploadSnapshot[]>([]);
  return (
    <UploaderProvider
      key={provider}
      endpoint="/api/uploads"
      {...widget}
      onDone={onDone}
      onUnauthorized={signIn ? askToSignIn : undefined}
      onReady={(upload) => {
        setReady((before) => [...before.filter(({ id }) => id !== upload.id), upload]);
      }}
    >
      <Hero />
      <Clouds provider={provider} onChange={onProvider} />
      <div className="shop">
        <div className="shop-main">
          {proceed && (
            <p role="alert">
              Your session has expired.{' '}
              <button type="button" onClick={signedIn}>
                Sign in
              </button>
            </p>
          )}
          <Uploader theme={theme} layout={layout} />
          {second !== undefined && (
            <Uploader
              endpoint="/api/uploads"
              provider={second}
              scope={secondScope}
              theme={theme}
              locale={locale}
              className="page-second"
            />
          )}
        </div>
        <Panel ready={ready} />
        <CodeSample provider={provider} />
      </div>
    </UploaderProvider>
  );
}

/** Asks on the page, as an application would. */
function useSignIn() {
  const [proceed, setProceed] = useState<() => void>();
  return {
    proceed,
    askToSignIn: () =>
      new Promise<void>((resolve) => {
        setProceed(() => resolve);
      }),
    signedIn: () => {
      proceed?.();
      setProceed(undefined);
    },
  };
}

/** What it is, and a way to see it without a video at hand. */
function Hero(): ReactNode {
  const uploader = useUploader();
  const [isMaking, setIsMaking] = useState(false);
  const add = async () => {
    setIsMaking(true);
    try {
      await uploader.add(await makeSamples());
    } finally {
      setIsMaking(false);
    }
  };
  return (
    <div className="hero">
      <div>
        <h1>Video upload that survives anything</h1>
        <p>
          Straight from the browser to your video cloud. Every part is checked, and a crash costs nothing but
          a reload.
        </p>
      </div>
      {canMakeSamples() && (
        <div className="hero-try">
          <button type="button" className="hero-button" disabled={isMaking} onClick={() => void add()}>
            {isMaking ? 'Recording…' : 'Try with 3 sample videos'}
          </button>
          <span>Made in this page · {samplesMegabytes} MB · nothing to download</span>
        </div>
      )}
    </div>
  );
}

function Clouds({
  provider,
  onChange,
}: {
  provider: string;
  onChange: (provider: string) => void;
}): ReactNode {
  const known = provider in providers ? providers : { ...providers, [provider]: provider };
  return (
    <nav className="clouds" aria-label="Cloud">
      {Object.entries(known).map(([key, label]) => (
        <button
          key={key}
          type="button"
          aria-pressed={key === provider}
          onClick={() => {
            onChange(key);
          }}
        >
          {label}
        </button>
      ))}
    </nav>
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
