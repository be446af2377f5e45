import { expect, it } from 'vitest';
import { repairedDescription } from './avc-description.js';

const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
const good =
  '01640016ff' + 'e10018' + '676400acd940a02ff961000003000100001e84800f162d96' + '010005' + '68ebecb22c';

it('takes the doubled first bytes out of the description that Firefox gives', () => {
  const firefox = bytes(
    '0164001603010019676764' + '0016acd940a02ff961000003000100' + '1e84800f162d96' + '0100066868ebecb22c',
  );
  expect(repairedDescription(firefox)).toEqual(
    bytes('01640016030100186764' + '0016acd940a02ff961000003000100' + '1e84800f162d96' + '01000568ebecb22c'),
  );
});

it('leaves other descriptions as they are', () => {
  expect(repairedDescription(bytes(good))).toEqual(bytes(good));
});
