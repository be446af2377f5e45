import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
// @ts-expect-error The scripts have no types.
import { sectionsOf } from '../scripts/search-sections.mjs';

const name = 'virtual:search-sections';

/** The text of the guides and of the reference, for the page that searches them. */
function searchSections(): Plugin {
  return {
    name: 'search-sections',
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) =>
      id === `\0${name}` ? `export default ${JSON.stringify((sectionsOf as () => unknown[])())}` : undefined,
  };
}

export default defineConfig({
  plugins: [react(), tailwindcss(), searchSections()],
  build: { target: 'es2022', chunkSizeWarningLimit: 4000 },
});
