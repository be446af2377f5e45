/** Equivalent ways to write the same XML document: clients must read all of them. */
export interface XmlStyle {
  /** How double quotes in text are written; `vendor`: as the emulated vendor does. Go's encoder writes `decimal`. */
  quotes: 'vendor' | 'raw' | 'named' | 'decimal' | 'hex';
  /** `vendor`: default namespace where the vendor has one; `none`: no namespace; `prefixed`: a prefix on every element. */
  namespace: 'vendor' | 'none' | 'prefixed';
  /** Write text as CDATA sections. */
  cdata: boolean;
  /** Empty elements as `<a></a>` or `<a/>`. */
  empty: 'pair' | 'self-closing';
  /** Write every element on a line of its own, indented. */
  indented: boolean;
}

/** How the XML of the sandbox is written: as the vendors write it. */
export const vendorXmlStyle: XmlStyle = {
  quotes: 'vendor',
  namespace: 'vendor',
  cdata: false,
  empty: 'pair',
  indented: false,
};

/** How a vendor writes its documents, before `XmlStyle` changes it. */
export interface XmlDialect {
  declaration: string;
  namespace?: string;
  quotes: 'raw' | 'named';
}

export const quoteReferences = { raw: '"', named: '&quot;', decimal: '&#34;', hex: '&#x22;' } as const;
