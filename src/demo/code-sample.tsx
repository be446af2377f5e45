import { useState, type ReactNode } from 'react';

const code = (provider: string) => `import { Uploader } from 'vodrop';
import 'vodrop/styles.css';

export const Upload = () => (
  <Uploader endpoint="/api/uploads" provider="${provider}" onReady={save} />
);`;

/** What it takes in an application, to be copied. */
export function CodeSample({ provider }: { provider: string }): ReactNode {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <section className="code" aria-label="Six lines in your app">
      <h2>Six lines in your app</h2>
      {/* In the tab order, so that it can be scrolled by keyboard. */}
      <pre tabIndex={0}>
        <code>{code(provider)}</code>
      </pre>
      <button
        type="button"
        onClick={() => {
          void navigator.clipboard.writeText(code(provider)).then(() => {
            setIsCopied(true);
          });
        }}
      >
        {isCopied ? 'Copied' : 'Copy'}
      </button>
    </section>
  );
}
