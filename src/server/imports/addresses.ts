/** Prefixes that are not reached over the public internet (IANA, special-purpose address registries), or that name another address. */
const closedIpv4: readonly (readonly [address: string, bits: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // The platform of Azure, as machines in it see it.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
];

/** Within 2000::/3, outside of which no address is public. */
const closedIpv6: readonly (readonly [groups: readonly number[], bits: number])[] = [
  // Teredo, ORCHID and other protocols.
  [[0x2001, 0x0000], 23],
  [[0x2001, 0x0db8], 32],
  // 6to4: names an IPv4 address.
  [[0x2002], 16],
  [[0x3fff], 20],
];

/** What a host of the WHATWG URL parser is, which writes every form of an IPv4 address as four decimal numbers. */
export function addressKindOf(hostname: string): 'public' | 'private' | 'name' {
  if (hostname.startsWith('[')) return isPublicIpv6(hostname.slice(1, -1)) ? 'public' : 'private';
  if (!/^\d+(\.\d+){3}$/.test(hostname)) return 'name';
  const address = ipv4Number(hostname);
  const isClosed = closedIpv4.some(([prefix, bits]) => {
    const size = 2 ** (32 - bits);
    return Math.floor(address / size) === Math.floor(ipv4Number(prefix) / size);
  });
  return isClosed ? 'private' : 'public';
}

function ipv4Number(text: string): number {
  return text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

function isPublicIpv6(text: string): boolean {
  const groups = ipv6Groups(text);
  const [first = 0] = groups;
  if (first >> 13 !== 1) return false;
  // ISATAP: names an IPv4 address, below any prefix.
  if (groups[5] === 0x5efe && ((groups[4] ?? 0) & 0xfdff) === 0) return false;
  return !closedIpv6.some(([prefix, bits]) => hasPrefix(groups, prefix, bits));
}

/** The parser writes no IPv4 address at the end, and shortens zeros once. */
function ipv6Groups(text: string): readonly number[] {
  const [head = '', tail] = text.split('::');
  const read = (part: string) => (part ? part.split(':').map((group) => Number.parseInt(group, 16)) : []);
  const [first, last] = [read(head), read(tail ?? '')];
  const zeros = Array.from({ length: 8 - first.length - last.length }, () => 0);
  return [...first, ...zeros, ...last];
}

function hasPrefix(groups: readonly number[], prefix: readonly number[], bits: number): boolean {
  return Array.from({ length: Math.ceil(bits / 16) }).every((_, index) => {
    const shift = 16 - Math.min(16, bits - index * 16);
    return (groups[index] ?? 0) >> shift === (prefix[index] ?? 0) >> shift;
  });
}
