// The table of stores in the providers guide says what the presets set.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { s3Stores } from '../src/server/providers/s3/presets.ts';

const guide = readFileSync(new URL('../storybook/guides/providers.mdx', import.meta.url), 'utf8');
const rows = new Map(
  [...guide.matchAll(/^\|([^|\n]+\|){8}[^|\n]+\|$/gm)].flatMap(([line]) => {
    const cells = line.slice(1, -1).split('|');
    const [, preset, region, bucket, acl, eTag, cors] = cells.map((cell) => cell.trim());
    const name = /^`(\w+)\(/.exec(preset ?? '')?.[1];
    return name ? [[name, { region, bucket, acl, eTag, cors }]] : [];
  }),
);

const place = { endpoint: 'https://store.example', accountId: 'account' };

it('has one row for each preset', () => {
  expect([...rows.keys()].sort()).toEqual(Object.keys(s3Stores).sort());
});

describe.each(Object.entries(s3Stores))('the row of the preset %s', (name, preset) => {
  const row = rows.get(name) ?? {};
  const settings = preset({ ...place, region: 'r-1' });

  it('says which region is signed, and where the bucket is named', () => {
    const byDefault = preset(place).region;
    const takesRegion = settings.region === 'r-1';
    const expected = byDefault === undefined ? 'yours' : `\`${byDefault}\`${takesRegion ? ', or yours' : ''}`;
    expect(row.region).toBe(expected);
    expect(row.bucket).toBe(settings.forcePathStyle ? 'path' : 'host');
  });

  it('says which ACL is sent, which CORS headers that needs, and what the ETag is', () => {
    const isPrivate = settings.acl === 'private';
    expect(row.acl?.replace(', not verified', '')).toBe(isPrivate ? '`private`' : 'none');
    expect(row.cors?.[0]).toBe(isPrivate ? 'B' : 'A');
    expect(row.eTag).toBe(settings.eTag === 'opaque' ? 'opaque' : 'MD5');
  });
});
