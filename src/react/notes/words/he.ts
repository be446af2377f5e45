import type { NoteWords } from './en.js';

export const he: NoteWords = {
  title: {
    one: 'דבר אחד ({n}) שכדאי לדעת לפני השליחה',
    two: '{n} דברים שכדאי לדעת לפני השליחה',
    other: '{n} דברים שכדאי לדעת לפני השליחה',
  },
  titleSent: { one: 'דבר אחד ({n}) שכדאי לדעת', two: '{n} דברים שכדאי לדעת', other: '{n} דברים שכדאי לדעת' },
  hint: 'ההעלאות נמשכות; אפשר לשנות כל דבר.',
  keep: 'להשאיר הכול',
  remove: 'הסרה',
  removeAll: 'הסרת {n}',
  skip: 'דילוג',
  skipAll: 'דילוג על {n}',
  depth: '{codec}, {n} סיביות',
  hdr: 'HDR',
  noSound: 'ללא קול',
  vertical: 'אנכי',
  incomplete: 'קטוע',
  sameVideo: 'אותו סרטון שוב',
  codecText: 'לא כל דפדפן מנגן את {file} כפי שהוא.',
  hdrText: 'הצבעים של {file} נראים אחרת במסכים ללא HDR.',
  noSoundText: 'ב־{file} אין ערוץ שמע.',
  verticalText: 'המידות של {file} הן {size}.',
  incompleteText: 'סוף הקובץ {file} חסר.',
  sameVideoText: '{file} הוא אותו סרטון כמו {other}.',
  sentBeforeText: '{file} כבר נשלח: {moment}.',
};
