import { vendorXmlStyle, type XmlStyle } from '../../sandbox/index.js';

const style = (changes: Partial<XmlStyle>): XmlStyle => ({ ...vendorXmlStyle, ...changes });

/** The sandbox's styles of XML in which every provider with an object store passes its contract. */
export const sandboxXmlStyles: readonly (readonly [title: string, style: XmlStyle])[] = [
  ['decimal references, as stores written in Go do', style({ quotes: 'decimal' })],
  ['hexadecimal references', style({ quotes: 'hex' })],
  ['named references', style({ quotes: 'named' })],
  ['plain quotes', style({ quotes: 'raw', namespace: 'none', empty: 'self-closing' })],
  ['CDATA', style({ cdata: true, namespace: 'prefixed', indented: true })],
];
