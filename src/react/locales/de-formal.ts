import type { CompleteLocale } from '../messages/words.js';
import { de } from './de.js';

/** The words of `de.ts` that address a person, and the same in the formal address. */
const formalWords: Readonly<Record<string, string>> = {
  du: 'Sie',
  kannst: 'können',
  Du: 'Sie',
  bist: 'sind',
  dich: 'sich',
  Dein: 'Ihr',
  deine: 'Ihre',
  deinem: 'Ihrem',
  beginne: 'beginnen Sie',
  Bitte: 'Bitten Sie',
  Entferne: 'Entfernen Sie',
  exportiere: 'exportieren Sie',
  Füge: 'Fügen Sie',
  füge: 'fügen Sie',
  hinzufügst: 'hinzufügen',
  Lade: 'Laden Sie',
  lade: 'laden Sie',
  Lass: 'Lassen Sie',
  Melde: 'Melden Sie',
  Prüfe: 'Prüfen Sie',
  Sende: 'Senden Sie',
  sende: 'senden Sie',
  Sieh: 'Sehen Sie',
  Verwende: 'Verwenden Sie',
  Versuche: 'Versuchen Sie',
  versuche: 'versuchen Sie',
  Wähle: 'Wählen Sie',
};

/** German with the formal address, "Sie". Its tag is that of German: there is none for an address. */
export const deFormal: CompleteLocale = {
  tag: de.tag,
  words: formal(de.words),
  failures: formal(de.failures),
};

function formal<T>(said: T): T {
  if (typeof said === 'string') return said.replace(/\p{L}+/gu, (word) => formalWords[word] ?? word) as T;
  if (Array.isArray(said)) return said.map(formal) as T;
  return Object.fromEntries(Object.entries(said as object).map(([key, value]) => [key, formal(value)])) as T;
}
