import { createContext, useContext, type ReactNode } from 'react';

export type Theme = 'light' | 'dark';

interface Globals {
  theme: Theme;
  locale: string;
}

const Around = createContext<Globals>({ theme: 'light', locale: 'en' });

/** What the toolbar says, for the widget inside a story. */
export function useSurroundings(): Globals {
  return useContext(Around);
}

export interface SurroundingsProps extends Globals {
  width: string;
  dir: 'ltr' | 'rtl';
  children: ReactNode;
}

/** A page of the theme and width that the toolbar says. */
export function Surroundings({ theme, locale, width, dir, children }: SurroundingsProps): ReactNode {
  return (
    <Around value={{ theme, locale }}>
      <main className="story" data-theme={theme} data-width={width} dir={dir} lang={locale}>
        <div className="story-frame">{children}</div>
      </main>
    </Around>
  );
}
