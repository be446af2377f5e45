import type { PlaywrightWorkerOptions } from '@playwright/test';

/** Of Chromium: a camera, a microphone and a screen, without a question. */
export const fakeDevices = [
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
];

type Options = Pick<PlaywrightWorkerOptions, 'browserName' | 'launchOptions'>;

/** For `test.use`. Firefox has such devices by the preferences of its configuration. */
export const withFakeDevices = {
  launchOptions: async (
    { browserName, launchOptions }: Options,
    use: (options: Options['launchOptions']) => Promise<void>,
  ): Promise<void> => {
    const args =
      browserName === 'chromium' ? [...(launchOptions.args ?? []), ...fakeDevices] : launchOptions.args;
    await use({ ...launchOptions, args });
  },
};
