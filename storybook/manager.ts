import { addons } from 'storybook/manager-api';
import { siteTheme } from './support/site-theme.js';

addons.setConfig({ theme: siteTheme, sidebar: { showRoots: true }, toolbar: { remount: { hidden: true } } });
