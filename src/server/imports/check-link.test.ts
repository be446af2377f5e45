import { describe, expect, it } from 'vitest';
import { EndpointError } from '../errors.js';
import { checkLink } from './check-link.js';
import { importRulesOf, type ImportRules } from './rules.js';

const accepted: readonly (readonly [link: string, handedOn?: string])[] = [
  ['https://media.example.com/in/clip.mp4'],
  [
    'https://media.example.com/in/clip.mp4?Signature=a%2Fb&Expires=1#t=10',
    'https://media.example.com/in/clip.mp4?Signature=a%2Fb&Expires=1',
  ],
  ['HTTPS://MEDIA.Example.COM/Clip.MP4', 'https://media.example.com/Clip.MP4'],
  ['https://media.example.com:443/clip.mp4', 'https://media.example.com/clip.mp4'],
  ['https://media.example.com:80/clip.mp4'],
  ['https://xn--mnchen-3ya.example/clip.mp4'],
  ['https://münchen.example/clip.mp4', 'https://xn--mnchen-3ya.example/clip.mp4'],
  ['https://ｍｅｄｉａ.example.com/clip.mp4', 'https://media.example.com/clip.mp4'],
  ['https://8.8.8.8/clip.mp4'],
  ['https://[2606:4700:4700::1111]/clip.mp4'],
  ['https://internal.example.com/clip.mp4'],
  ['https://localhost.example.com/clip.mp4'],
  ['https://10.example.com/clip.mp4'],
];

const hostile: Readonly<Record<string, readonly string[]>> = {
  'what is no https address': [
    '',
    'clip.mp4',
    '/clip.mp4',
    '//media.example.com/clip.mp4',
    'https:media.example.com/clip.mp4',
    'https:/media.example.com/clip.mp4',
    'https:///media.example.com/clip.mp4',
    'https://',
    'https://?clip.mp4',
    'ftp://media.example.com/clip.mp4',
    'file:///etc/passwd.mp4',
    'data:video/mp4;base64,AAAA',
    'javascript:alert(1)//.mp4',
    'blob:https://media.example.com/clip.mp4',
    'gopher://media.example.com/clip.mp4',
    'rtmp://media.example.com/live.mp4',
    'http://media.example.com/clip.mp4',
    'view-source:https://media.example.com/clip.mp4',
    'https://exa mple.com/clip.mp4',
    'https://[::1/clip.mp4',
    'https://a..b.example/clip.mp4',
    'https://.example.com/clip.mp4',
    'https://xn--a.example/clip.mp4',
    'https://media.example.com:99999/clip.mp4',
  ],
  credentials: [
    'https://user@media.example.com/clip.mp4',
    'https://user:password@media.example.com/clip.mp4',
    'https://:@media.example.com/clip.mp4',
    'https://media.example.com@127.0.0.1/clip.mp4',
    'https://127.0.0.1@media.example.com/clip.mp4',
    'https://media.example.com%40127.0.0.1/clip.mp4',
  ],
  'characters that parsers read differently': [
    'https://media.example.com\\@127.0.0.1/clip.mp4',
    'https:\\\\127.0.0.1/clip.mp4',
    'https://media.example.com/\tclip.mp4',
    'https://media.example.com/clip.mp4\r\nHost: 127.0.0.1',
    ' https://media.example.com/clip.mp4',
    'https://media.example.com/clip.mp4\u0000',
    'https://127.0.\t0.1/clip.mp4',
    'https://media\u00ad.example.com/clip.mp4',
    'https://media\u200b.example.com/clip.mp4',
    'https://%31%32%37.0.0.1/clip.mp4',
    'https://%6c%6f%63alhost/clip.mp4',
    'https://media.example.com%2f@127.0.0.1/clip.mp4',
  ],
  'private, reserved and special IPv4 addresses': [
    '0.0.0.0',
    '0.1.2.3',
    '10.0.0.1',
    '10.255.255.255',
    '100.64.0.1',
    '100.100.100.200',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '168.63.129.16',
    '169.254.169.254',
    '169.254.170.2',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.192',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.7',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '127.0.0.1.',
    '169.254.169.254.',
  ].map((host) => `https://${host}/clip.mp4`),
  'other ways to write IPv4 addresses': [
    '2130706433',
    '0x7f000001',
    '017700000001',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '127.1',
    '127.0.1',
    '127.0x0.0.1',
    '0',
    '0x0',
    '１２７.0.0.1',
    '127。0。0。1',
    '①②⑦.⓪.⓪.①',
    '2852039166',
    '0xa9fea9fe',
    '0251.0376.0251.0376',
    // Public, and read as another address by a program that takes a leading zero for nothing.
    '134744072',
    '0x8.0x8.0x8.0x8',
    '010.8.8.8',
    '8.8.2056',
    '8.8',
  ].map((host) => `https://${host}/clip.mp4`),
  'private, reserved and special IPv6 addresses': [
    '::',
    '::1',
    '0:0:0:0:0:0:0:1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::ffff:0:127.0.0.1',
    '64:ff9b::127.0.0.1',
    '64:ff9b::8.8.8.8',
    '64:ff9b:1::1',
    '100::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'febf::1',
    'fec0::1',
    'ff02::1',
    '2001::1',
    '2001:20::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '4000::1',
    '2606:4700::5efe:7f00:1',
    '2606:4700::200:5efe:7f00:1',
  ].map((host) => `https://[${host}]/clip.mp4`),
  'names that are not public': [
    'localhost',
    'LOCALHOST',
    'localhost.',
    'foo.localhost',
    'ⓛⓞⓒⓐⓛⓗⓞⓢⓣ',
    'intranet',
    'printer.local',
    'printer.local.',
    'metadata.google.internal',
    'kubernetes.default.svc.cluster.local',
    'host.docker.internal',
    'nas.lan',
    'a.consul',
    'web.docker',
    'wiki.intra',
    'api.default.svc',
    'wiki.corp',
    'router.home',
    'router.home.arpa',
    '1.0.0.127.in-addr.arpa',
    'service.test',
    'service.invalid',
    'hidden.onion',
    'localhost.localdomain',
    'media.example.com.',
    'media.example.com..',
    '127.0.0.1.nip.io',
    '10-0-0-1.sslip.io',
    'localtest.me',
    'app.lvh.me',
  ].map((host) => `https://${host}/clip.mp4`),
  'ports that are not listed': [22, 25, 3306, 6379, 8080, 8443, 9200, 65_535].map(
    (port) => `https://media.example.com:${port}/clip.mp4`,
  ),
  'links that are too long': [`https://media.example.com/${'a'.repeat(2048)}.mp4`],
  'links that are too long in their normal form': [`https://media.example.com/${'ü'.repeat(1000)}.mp4`],
};

function outcomeOf(link: string, rules: ImportRules = {}): string {
  try {
    return checkLink(link, rules).href;
  } catch (error) {
    if (!(error instanceof EndpointError)) throw error;
    return error.code;
  }
}

describe('the check of a link', () => {
  it.each(accepted.map(([link, handedOn = link]) => [link, handedOn] as const))(
    'accepts %s, in the form that WHATWG URLs have',
    (link, handedOn) => {
      expect(outcomeOf(link)).toBe(handedOn);
    },
  );

  it.each(Object.entries(hostile))('refuses %s', (_, links) => {
    const outcomes = links.map((link) => [link, outcomeOf(link)]);
    expect(outcomes).toEqual(links.map((link) => [link, 'link-refused']));
  });

  it('repeats nothing of the link in its refusals', () => {
    for (const link of Object.values(hostile).flat()) {
      let message = '';
      try {
        checkLink(link, {});
      } catch (error) {
        message = error instanceof EndpointError ? JSON.stringify(error.toProblem()) : String(error);
      }
      const hostname = URL.canParse(link) ? new URL(link).hostname : '';
      if (hostname.length > 2 && hostname !== '0.0.0.0') expect(message).not.toContain(hostname);
      expect(message).not.toMatch(/clip|passwd|s3cr3t/);
    }
  });

  it('accepts http only where the rules do, with the same checks of the address', () => {
    expect(outcomeOf('http://media.example.com/clip.mp4', { allowsHttp: true })).toBe(
      'http://media.example.com/clip.mp4',
    );
    expect(outcomeOf('http://127.0.0.1/clip.mp4', { allowsHttp: true })).toBe('link-refused');
    expect(outcomeOf('ftp://media.example.com/clip.mp4', { allowsHttp: true })).toBe('link-refused');
  });

  it('accepts further ports only where the rules list them', () => {
    const rules = { ports: [8443] };
    expect(outcomeOf('https://media.example.com:8443/clip.mp4', rules)).toContain(':8443');
    expect(outcomeOf('https://media.example.com:8444/clip.mp4', rules)).toBe('link-refused');
    expect(outcomeOf('https://127.0.0.1:8443/clip.mp4', rules)).toBe('link-refused');
  });

  it('accepts any address of an origin that the rules list, and of no other', () => {
    const rules = { origins: ['http://127.0.0.1:8080'] };
    expect(outcomeOf('http://127.0.0.1:8080/clip.mp4', rules)).toBe('http://127.0.0.1:8080/clip.mp4');
    // The same origin: what is handed on is its normal form.
    expect(outcomeOf('http://127.1:8080/clip.mp4', rules)).toBe('http://127.0.0.1:8080/clip.mp4');
    for (const link of [
      'http://127.0.0.1:8081/clip.mp4',
      'https://127.0.0.1:8080/clip.mp4',
      'http://127.0.0.1:8080@10.0.0.1/clip.mp4',
      'http://user@127.0.0.1:8080/clip.mp4',
      'http://127.0.0.1:8080.example.com/clip.mp4',
    ])
      expect([link, outcomeOf(link, rules)]).toEqual([link, 'link-refused']);
  });

  it('is not switched on by rules that name no origin', () => {
    for (const origin of ['127.0.0.1', 'https://a.example/', 'https://a.example/path', '*', ''])
      expect(() => importRulesOf({ origins: [origin] })).toThrow(TypeError);
    expect(importRulesOf(false)).toBeUndefined();
    expect(importRulesOf(undefined)).toBeUndefined();
    expect(importRulesOf(true)).toEqual({});
  });
});
