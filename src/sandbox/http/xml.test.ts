import { describe, expect, it } from 'vitest';
import { vendorXmlStyle, type XmlStyle } from './xml-style.js';
import { parseListedParts, xmlDocument } from './xml.js';

const dialect = { declaration: '<?xml version="1.0"?>\n', namespace: 'urn:store', quotes: 'named' as const };
const write = (style: Partial<XmlStyle>): string =>
  xmlDocument(
    'CompleteMultipartUpload',
    {
      Part: [
        { PartNumber: 1, ETag: '"a&b"' },
        { PartNumber: 2, ETag: '' },
      ],
    },
    dialect,
    { ...vendorXmlStyle, ...style },
  );

describe('xmlDocument', () => {
  it.each<[Partial<XmlStyle>, string]>([
    [{}, '<Part><PartNumber>1</PartNumber><ETag>&quot;a&amp;b&quot;</ETag></Part>'],
    [{ quotes: 'raw' }, '<ETag>"a&amp;b"</ETag>'],
    [{ quotes: 'decimal' }, '<ETag>&#34;a&amp;b&#34;</ETag>'],
    [{ quotes: 'hex' }, '<ETag>&#x22;a&amp;b&#x22;</ETag>'],
    [{ namespace: 'vendor' }, '<CompleteMultipartUpload xmlns="urn:store">'],
    [{ namespace: 'none' }, '<CompleteMultipartUpload>'],
    [{ namespace: 'prefixed' }, '<ns0:CompleteMultipartUpload xmlns:ns0="urn:store"><ns0:Part>'],
    [{ cdata: true }, '<ETag><![CDATA["a&b"]]></ETag>'],
    [{ empty: 'self-closing' }, '<ETag/>'],
    [{ indented: true }, '\n  <Part>\n    <PartNumber>1</PartNumber>\n'],
  ])('writes the style %j', (style, expected) => {
    expect(write(style)).toContain(expected);
  });

  it('leaves undefined fields out', () => {
    expect(xmlDocument('A', { B: undefined, C: 1 }, dialect, vendorXmlStyle)).toContain('><C>1</C></A>');
  });

  it.each<Partial<XmlStyle>>([
    {},
    { quotes: 'raw' },
    { quotes: 'decimal' },
    { quotes: 'hex' },
    { namespace: 'none' },
    { namespace: 'prefixed' },
    { cdata: true },
    { empty: 'self-closing' },
    { indented: true },
    { quotes: 'decimal', namespace: 'prefixed', empty: 'self-closing', indented: true },
  ])('writes a document that parseListedParts reads in the style %j', (style) => {
    expect(parseListedParts(write(style))).toEqual([
      { partNumber: 1, etag: 'a&b', checksums: {} },
      { partNumber: 2, etag: '', checksums: {} },
    ]);
  });
});

describe('parseListedParts', () => {
  const body = (etag: string, rest = ''): string =>
    `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag>${rest}</Part></CompleteMultipartUpload>`;

  it.each([
    '"e"',
    '&quot;e&quot;',
    '&#34;e&#34;',
    '&#x22;e&#x22;',
    '&#034;e&#x0022;',
    '<![CDATA["e"]]>',
    'e',
  ])('reads the ETag %s', (etag) => {
    expect(parseListedParts(body(etag))?.[0]?.etag).toBe('e');
  });

  it.each([
    ['comments, also with markup and ampersands', `<!-- & <a> -->${body('e<!-- & -->')}<!-- z -->`],
    ['instructions', `<?xml version="1.0"?><?a & <b>?>${body('e')}<?z?>`],
    ['a byte order mark', `\ufeff${body('e')}`],
    ['an ampersand in CDATA behind a comment', `<!--<![CDATA[-->${body('<![CDATA[e]]>')}`],
  ])('reads a document with %s', (_, text) => {
    expect(parseListedParts(text)?.[0]?.etag).toBe('e');
  });

  it('decodes a reference once', () => {
    expect(parseListedParts(body('&amp;#34;'))?.[0]?.etag).toBe('&#34;');
  });

  it('reads the checksums of a part', () => {
    const listed = parseListedParts(body('e', '<ChecksumSHA256>abc=</ChecksumSHA256>'));
    expect(listed?.[0]?.checksums).toEqual({ ChecksumSHA256: 'abc=' });
  });

  it.each([
    ['no text', ''],
    ['a document that is not well-formed', '<CompleteMultipartUpload><Part>'],
    ['another root', '<Other/>'],
    ['no part', '<CompleteMultipartUpload/>'],
    ['a document type', `<!DOCTYPE a [<!ENTITY b "c">]>${body('e')}`],
    ['an unknown reference', body('&copy;')],
    ...['<![CDATA[', '<!--', '<?', '<a ', '&#', ']]>', '<a>'].map((piece): [string, string] => [
      `many times ${piece}`,
      piece.repeat(400_000),
    ]),
    ['deep nesting', body(`${'<a>'.repeat(50)}${'</a>'.repeat(50)}`)],
  ])('refuses %s', (_, text) => {
    expect(parseListedParts(text)).toBeUndefined();
  });
});
