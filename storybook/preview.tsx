import type { Preview } from '@storybook/react-vite';
// Fonts of their own, so that the pictures come out the same on any machine.
import '@fontsource-variable/inter';
import '@fontsource-variable/noto-sans-arabic';
import '../src/react/styles.css';
import './preview.css';
import { localeTags } from '../src/react/index.js';
import { siteTheme } from './support/site-theme.js';
import { Surroundings, type Theme } from './support/surroundings.js';

const rightToLeft = ['ar', 'he'];

const preview: Preview = {
  parameters: {
    layout: 'fullscreen',
    docs: { theme: siteTheme },
    controls: { expanded: true, sort: 'requiredFirst' },
    options: {
      storySort: {
        order: [
          'Search',
          'Guides',
          [
            'Getting started',
            'Links, camera and screen',
            'Installing',
            'Next.js',
            'Element',
            'Vue and other frameworks',
            'Headless',
            'Providers',
            'Record uploads in your database',
            'In your application',
            'Forms',
            'Deployment',
            'Security',
            'Content Security Policy',
            'Theming',
            'Resume',
            'Testing',
            'Troubleshooting',
            'Errors',
          ],
          'Providers',
          'Reference',
          'Uploader',
          'Drop zone',
          'Sources',
          'Row',
          'Parts',
          'Details',
          'Dock',
          'Headless',
        ],
      },
    },
  },
  globalTypes: {
    theme: {
      description: 'Theme',
      toolbar: { icon: 'contrast', items: ['light', 'dark'], dynamicTitle: true },
    },
    width: {
      description: 'Width of the container',
      toolbar: {
        icon: 'grow',
        items: [
          { value: 'wide', title: '820 px' },
          { value: 'middle', title: '600 px' },
          { value: 'narrow', title: '320 px' },
        ],
        dynamicTitle: true,
      },
    },
    locale: {
      description: 'Language',
      toolbar: {
        icon: 'globe',
        items: [...localeTags],
        dynamicTitle: true,
      },
    },
  },
  initialGlobals: { theme: 'light', width: 'wide', locale: 'en' },
  decorators: [
    (Story, { globals }) => {
      const { theme, width, locale } = globals as { theme: Theme; width: string; locale: string };
      return (
        <Surroundings
          theme={theme}
          width={width}
          locale={locale}
          dir={rightToLeft.includes(locale) ? 'rtl' : 'ltr'}
        >
          <Story />
        </Surroundings>
      );
    },
  ],
};

export default preview;
