import type { LinkItem } from '../types.js';

/** As the endpoint has it; see `maxLinkLength` of the protocol. */
const maxLength = 2048;
/** As most file systems have it. */
const maxNameLength = 255;

export interface ParsedLink {
  /** Without its fragment, which no server gets. */
  readonly url: string;
  readonly host: string;
  readonly fileName: string;
}

/**
 * What can be said of a link without the endpoint, which decides. `undefined` for what is no address, has a scheme that
 * is not imported, or holds a user name.
 */
export function parseLink(link: LinkItem, schemes: readonly string[]): ParsedLink | undefined {
  const { url, title } = typeof link === 'string' ? { url: link, title: undefined } : link;
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const { href, protocol, username, password, hostname } = parsed;
  if (!schemes.includes(protocol.slice(0, -1)) || username || password) return undefined;
  parsed.hash = '';
  if (parsed.href.length > maxLength || href.length > 4 * maxLength) return undefined;
  const fileName = title?.trim().slice(0, maxNameLength) || nameIn(parsed) || hostname;
  return { url: parsed.href, host: hostname, fileName };
}

/** Of something that may be no address: only what stands before its parameters. */
export function shownName(link: LinkItem): string {
  const { url, title } = typeof link === 'string' ? { url: link, title: undefined } : link;
  const name = title?.trim() || (URL.canParse(url) ? nameIn(new URL(url)) : url.replace(/[?#].*$/s, ''));
  return (name || url.replace(/[?#].*$/s, '')).slice(0, maxNameLength);
}

function nameIn({ pathname }: URL): string {
  const last = pathname.split('/').findLast((part) => part !== '') ?? '';
  return decoded(last)
    .replace(/[\p{Cc}/\\]/gu, ' ')
    .trim()
    .slice(0, maxNameLength);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
