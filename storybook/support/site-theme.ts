import { create } from 'storybook/theming';

/** The documentation follows the reader's preference, as the widget does. */
export const siteTheme = create({
  base: globalThis.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  brandTitle: 'vodrop',
});
