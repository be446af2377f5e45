import { useState, type ReactNode } from 'react';
import {
  Uploader,
  UploaderProvider,
  UploaderRoot,
  type UploaderProps,
  type UploaderSettings,
} from '../../src/react/index.js';
import type { UploaderSnapshot } from '../../src/engine/index.js';
import { createFakeUploader, type FakeUploader } from '../../src/testing/index.js';
import { useSurroundings } from './surroundings.js';

export interface WidgetProps extends UploaderSettings {
  /** What the engine would show. */
  snapshot?: Partial<UploaderSnapshot>;
  onFake?: (fake: FakeUploader) => void;
}

/** The whole widget on a fake engine. */
export function Widget({
  snapshot = {},
  onFake,
  ...settings
}: WidgetProps & Pick<UploaderProps, 'slots' | 'classNames' | 'style'>): ReactNode {
  const { theme, locale } = useSurroundings();
  const fake = useFake(snapshot, onFake);
  return <Uploader uploader={fake} theme={theme} locale={locale} warnOnLeave={false} {...settings} />;
}

/** Single parts on a fake engine. */
export function Part({
  snapshot = {},
  onFake,
  children,
  ...settings
}: WidgetProps & { children: ReactNode }): ReactNode {
  const { theme, locale } = useSurroundings();
  const fake = useFake(snapshot, onFake);
  return (
    <UploaderProvider uploader={fake} locale={locale} warnOnLeave={false} {...settings}>
      <UploaderRoot theme={theme}>{children}</UploaderRoot>
    </UploaderProvider>
  );
}

function useFake(snapshot: Partial<UploaderSnapshot>, onFake?: (fake: FakeUploader) => void): FakeUploader {
  return useState(() => {
    const fake = createFakeUploader(snapshot);
    onFake?.(fake);
    return fake;
  })[0];
}
