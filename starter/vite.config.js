import { defineConfig } from 'vite';
import { createListener } from './endpoint.js';

export default defineConfig({
  plugins: [
    {
      name: 'token-endpoint',
      async configureServer(server) {
        server.middlewares.use('/api/uploads', await createListener());
      },
    },
  ],
});
