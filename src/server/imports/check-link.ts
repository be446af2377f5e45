import { maxLinkLength } from '../../protocol/index.js';
import { EndpointError } from '../errors.js';
import { addressKindOf } from './addresses.js';
import type { ImportRules } from './rules.js';

/** The rest of a name that means something only within a network, or nothing at all. */
const privateSuffixes = [
  'alt',
  'arpa',
  'consul',
  'corp',
  'docker',
  'home',
  'internal',
  'intra',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'onion',
  'private',
  // Services of Kubernetes, seen from a pod.
  'svc',
  'test',
];

/** Public names that answer with the address that is written in them, or with the loopback. */
const namesOfAddresses = [
  'lacolhost.com',
  'localtest.me',
  'lvh.me',
  'nip.io',
  'sslip.io',
  'traefik.me',
  'vcap.me',
  'xip.io',
];

const usualPorts = ['', '80', '443'];

/**
 * The link as it may be handed to a cloud: in the normal form of WHATWG URLs, so that the cloud reads what was checked.
 * Throws `link-refused`; its detail repeats nothing of the link. Nothing is looked up: what a name points to is for the
 * cloud to find out, which pulls from its own network.
 */
export function checkLink(link: string, rules: ImportRules): URL {
  if (link.length > maxLinkLength) throw refused(`A link has at most ${maxLinkLength} characters.`);
  // Parsers differ in what they make of these, so that the cloud's could find another host than ours.
  if (/[\s\\\p{Cc}\p{Cf}\p{Cs}]/u.test(link))
    throw refused('A link has no spaces, backslashes or control characters.');
  const [, scheme = '', authority = ''] = /^(https?):\/\/([^/?#]+)/i.exec(link) ?? [];
  if (!scheme) throw refused('A link begins with https:// and a host.');
  if (authority.includes('@')) throw refused('A link has no user name and no password.');
  if (authority.includes('%')) throw refused('The host of a link is not percent-encoded.');
  if (!URL.canParse(link)) throw refused('The link is no valid URL.');
  const url = new URL(link);
  url.hash = '';
  if (url.href.length > maxLinkLength) throw refused(`A link has at most ${maxLinkLength} characters.`);
  if (rules.origins?.includes(url.origin)) return url;
  if (url.protocol !== 'https:' && !rules.allowsHttp) throw refused('A link begins with https://.');
  const { ports = [] } = rules;
  if (!usualPorts.includes(url.port) && !ports.includes(Number(url.port)))
    throw refused('Links with this port are not imported.');
  checkHost(url.hostname, authority);
  return url;
}

function checkHost(hostname: string, authority: string): void {
  const written = authority.replace(/:\d*$/, '').toLowerCase();
  const kind = addressKindOf(hostname);
  if (kind === 'private') throw refused('The link points to a private or reserved address.');
  if (kind === 'public') {
    // 0x8.0x8.0x8.0x8, 134744072, 8.8.2056: read in different ways by different programs.
    if (!hostname.startsWith('[') && written !== hostname)
      throw refused('The address in the link is not written as four decimal numbers.');
    return;
  }
  if (hostname.split('.').includes('')) throw refused('The host of a link has an empty part.');
  if (!hostname.includes('.')) throw refused('The host of the link is no public name.');
  const isBelow = (name: string) => hostname === name || hostname.endsWith(`.${name}`);
  if (privateSuffixes.some(isBelow) || namesOfAddresses.some(isBelow))
    throw refused('The host of the link is no public name.');
}

export function refused(detail: string): EndpointError {
  return new EndpointError('link-refused', { detail });
}
