import { expect, it, vi } from 'vitest';
import { readSources } from './source-names.js';

it('keeps the order of the host, takes each source once, and warns about what is none', () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(readSources('camera, device,camera,webcam')).toEqual(['camera', 'device']);
  expect(warn).toHaveBeenCalledExactlyOnceWith(expect.stringContaining('there is no "webcam"'));
});
