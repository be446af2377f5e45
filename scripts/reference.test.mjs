import { expect, it } from 'vitest';
import { entries, referenceOf, undocumented } from './reference.mjs';

it('finds a comment above every name that the package exports', () => {
  expect(undocumented()).toEqual([]);
});

it.each(Object.keys(entries))(
  'makes a reference of %s in which no brace or bracket is left for MDX',
  (entry) => {
    const text = referenceOf(entry);
    expect(text.match(/^## /gm)?.length).toBeGreaterThan(3);
    const outside = text
      .split('\n')
      .slice(3)
      .join('\n')
      .replaceAll(/```[\s\S]*?```|`[^`\n]*`|\\[{}<>]/g, '');
    expect(outside.match(/[{}]|<(?=\w)/g)).toBe(null);
  },
);
