import MiniSearch from 'minisearch';
import { useDeferredValue, useId, useMemo, useState } from 'react';
import sections from 'virtual:search-sections';

const maxResults = 20;
/** Characters of text around the first word found. */
const contextBefore = 60;
const contextLength = 220;

const index = new MiniSearch({
  fields: ['heading', 'page', 'text'],
  searchOptions: {
    boost: { heading: 3, page: 2 },
    combineWith: 'AND',
    prefix: true,
    fuzzy: (term) => (term.length > 5 ? 1 : false),
  },
});
index.addAll(sections);
const sectionsById = new Map(sections.map((section) => [section.id, section]));

/** Searches the whole text of guides and reference, in the page. */
export function Search() {
  const [words, setWords] = useState('');
  const asked = useDeferredValue(words.trim());
  const fieldId = useId();
  const results = useMemo(() => (asked ? index.search(asked) : []), [asked]);
  return (
    <div className="search">
      <label htmlFor={fieldId}>Words in guides and reference</label>
      <input
        id={fieldId}
        type="search"
        value={words}
        onChange={(event) => setWords(event.target.value)}
        autoFocus
      />
      <p role="status">{asked && countText(results.length)}</p>
      <ol>
        {results.slice(0, maxResults).map(({ id, terms }) => {
          const section = sectionsById.get(id as string);
          return (
            section && (
              <li key={section.id}>
                <a href={section.href} target="_top">
                  {section.page === section.heading ? section.page : `${section.page}: ${section.heading}`}
                </a>
                <p>{excerpt(section.text, terms)}</p>
              </li>
            )
          );
        })}
      </ol>
    </div>
  );
}

function countText(count: number): string {
  if (count === 0) return 'Nothing found';
  if (count > maxResults) return `The first ${maxResults} of ${count} sections`;
  return count === 1 ? '1 section' : `${count} sections`;
}

function excerpt(text: string, terms: readonly string[]) {
  const lower = text.toLowerCase();
  const positions = terms.map((term) => lower.indexOf(term)).filter((position) => position >= 0);
  const start = Math.max(0, Math.min(...positions, text.length) - contextBefore);
  const from = positions.length > 0 ? start : 0;
  // From the beginning of a word.
  const shown = text
    .slice(from, from + contextLength)
    .replace(/^\S*\s/, (first) => (from > 0 ? '… ' : first));
  const pattern = new RegExp(`(${terms.map(escaped).join('|')})`, 'gi');
  return shown.split(pattern).map((piece, place) =>
    // A split by one group has what was found at the odd places.
    place % 2 === 1 ? <mark key={place}>{piece}</mark> : piece,
  );
}

function escaped(term: string): string {
  return term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
