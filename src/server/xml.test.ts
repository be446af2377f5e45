import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readXml } from './xml.js';

const plain = (text: string) => JSON.parse(JSON.stringify(readXml(text) ?? null)) as unknown;

it.each([
  ['as it is', '"a"'],
  ['by name', '&quot;a&quot;'],
  ['in decimal, as Go writes it', '&#34;a&#34;'],
  ['in decimal with zeros', '&#0034;a&#0034;'],
  ['in hexadecimal', '&#x22;a&#x22;'],
  ['in a CDATA section', '<![CDATA["a"]]>'],
  ['in several pieces', '&quot;<![CDATA[a]]>&#34;'],
  ['beside a comment', '"<!-- a & b < c -->a"'],
])('reads a quoted ETag written %s', (_, written) => {
  expect(plain(`<R><ETag>${written}</ETag></R>`)).toEqual({ R: { ETag: '"a"' } });
});

it('reads the five named references and characters beyond the basic plane', () => {
  expect(plain('<R>&lt;&gt;&amp;&apos;&quot;&#128512;&#x1F600;</R>')).toEqual({ R: `<>&'"😀😀` });
});

it('decodes a character reference only once', () => {
  expect(plain('<R>&amp;#34; &amp;quot; &#38;lt;</R>')).toEqual({ R: '&#34; &quot; &lt;' });
});

it('reads element names without their prefix and ignores attributes', () => {
  const text = `<?xml version="1.0"?>\n<s3:R xmlns:s3="urn:x" a = '>"' ><s3:A/><b:A>2</b:A ></s3:R>`;
  expect(plain(text)).toEqual({ R: { A: ['', '2'] } });
});

it('reads empty elements of both forms, and lists of zero, one and many elements', () => {
  expect(plain('<R><A></A><B/><C>1</C><D>1</D><D>2</D><D/></R>')).toEqual({
    R: { A: '', B: '', C: '1', D: ['1', '2', ''] },
  });
});

it('reads XML after leading spaces and a byte order mark, which stores send to keep a slow request alive', () => {
  expect(plain('\uFEFF  \n <?xml version="1.0"?><R>1</R>\n')).toEqual({ R: '1' });
});

it('returns numbers in XML as text', () => {
  expect(plain('<R><E>00123</E><F>1e5</F></R>')).toEqual({ R: { E: '00123', F: '1e5' } });
});

it('keeps elements named like JavaScript object properties apart from those properties', () => {
  expect(Object.keys(readXml('<__proto__><constructor>1</constructor></__proto__>') ?? {})).toEqual([
    '__proto__',
  ]);
});

it.each([
  ['nothing', ''],
  ['a text', 'Service Unavailable'],
  ['JSON', '{"Error":"<A>"}'],
  ['an element that stays open', '<R><A></R>'],
  ['an end without a start', '<R></R></A>'],
  ['two roots', '<R/><R/>'],
  ['text behind the root', '<R/>x'],
  ['a lone ampersand', '<R>a & b</R>'],
  ['an unknown reference', '<R>&nbsp;</R>'],
  ['a reference to no character', '<R>&#0;</R>'],
  ['a reference to half a character', '<R>&#xD800;</R>'],
  ['a reference beyond Unicode', '<R>&#x110000;</R>'],
  ['a tag that is cut off', '<R><A'],
  ['a document type', '<!DOCTYPE R><R/>'],
  ['entities that expand', '<!DOCTYPE R [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><R>&b;</R>'],
  ['an entity of a file', '<!DOCTYPE R [<!ENTITY a SYSTEM "file:///etc/passwd">]><R>&a;</R>'],
])('refuses %s as an XML document', (_, text) => {
  expect(readXml(text)).toBeUndefined();
});

it('refuses XML that is too deep or too long, and ends fast on input built to take long', () => {
  expect(readXml(`${'<a>'.repeat(32)}${'</a>'.repeat(32)}`)).toBeDefined();
  expect(readXml(`${'<a>'.repeat(33)}${'</a>'.repeat(33)}`)).toBeUndefined();
  expect(readXml(`<R>${'x'.repeat(1024 ** 2)}</R>`)).toBeUndefined();
  for (const part of ['<a ', '<a a=', ' ', '<!--', '<![CDATA[', '<?', '&', '&#', '&lt;', '<a a="" ', ']]>'])
    expect(readXml(`<R>${part.repeat(1_000_000 / part.length)}`)).toBeUndefined();
});

type Style = 'raw' | 'named' | 'decimal' | 'hex' | 'cdata';

/** Each character in a style of its own, where the style can write it. */
function write(text: string, styles: readonly Style[]): string {
  return Array.from(text, (character, i) => {
    const code = character.codePointAt(0) ?? 0;
    const names: Record<string, string> = { '"': 'quot', '&': 'amp', '<': 'lt', '>': 'gt', "'": 'apos' };
    switch (styles[i % styles.length]) {
      case 'decimal':
        return `&#${code};`;
      case 'hex':
        return `&#x${code.toString(16)};`;
      case 'cdata':
        return `<![CDATA[${character}]]>`;
      case 'named':
        return names[character] ? `&${names[character]};` : character;
      case 'raw':
      case undefined:
        return '&<'.includes(character) ? `&#${code};` : character;
    }
  }).join('');
}

it('reads the same ETag in whatever XML style each of its characters is written', () => {
  const style = fc.constantFrom<Style>('raw', 'named', 'decimal', 'hex', 'cdata');
  const eTag = fc.oneof(
    fc.stringMatching(/^"[0-9a-f]{32}(-[1-9][0-9]{0,4})?"$/),
    fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `"${text.replaceAll('\0', '')}"`),
  );
  fc.assert(
    fc.property(eTag, fc.array(style, { minLength: 1, maxLength: 7 }), (text, styles) => {
      expect(plain(`<x:R><x:ETag>${write(text, styles)}</x:ETag></x:R>`)).toEqual({ R: { ETag: text } });
    }),
  );
});

it('does not throw on arbitrary XML input', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    '/',
    'a',
    ':',
    ' ',
    '"',
    '=',
    '&',
    '#',
    ';',
    '<!',
    '[CDATA[',
    ']]>',
    '--',
    '?',
  );
  fc.assert(
    fc.property(
      fc.array(piece).map((pieces) => pieces.join('')),
      (text) => {
        readXml(text);
      },
    ),
    { numRuns: 2000 },
  );
});
