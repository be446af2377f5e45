import path from 'node:path';

export default {
  // The endpoint of all servers here lies beside this application.
  turbopack: { root: path.resolve(import.meta.dirname, '..') },
};
