import type { ReactNode } from 'react';

/** What a part that is loaded on demand has to say of a file, in the row of its upload once that is ready. */
export const rowFacts = new WeakMap<File, () => ReactNode>();
