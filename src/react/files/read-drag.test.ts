import { describe, expect, it } from 'vitest';
import { inputAccept, judgeMimeType, kindOf, typeNames } from './accept.js';
import { readDrag } from './read-drag.js';

const drag = (types: string[], accept: readonly string[] = ['video'], places?: number) =>
  readDrag(
    { items: types.map((type) => ({ kind: 'file', type })) } as unknown as DataTransfer,
    accept,
    places,
  );

describe('a drag says no more than the browser knows', () => {
  it('reads a drag as accepted when every item is of an accepted type', () => {
    expect(drag(['video/mp4', 'video/quicktime'])).toMatchObject({
      state: 'accept',
      count: 2,
      accepted: 2,
      left: 0,
    });
  });
  it('reads a drag as rejected when no item is accepted, and names the type they share', () => {
    expect(drag(['application/pdf', 'application/pdf'])).toMatchObject({
      state: 'reject',
      type: 'PDF',
      left: 2,
    });
    expect(drag(['application/pdf', 'image/png']).type).toBeUndefined();
  });
  it('counts accepted and other items of a mixed drag', () => {
    expect(drag(['video/mp4', 'application/pdf'])).toMatchObject({ state: 'mixed', accepted: 1, left: 1 });
  });
  it('reads a drag as unknown with folders, unknown types, or no items', () => {
    expect(drag(['video/mp4', '']).state).toBe('unknown');
    expect(drag([])).toMatchObject({ state: 'unknown', count: 0 });
  });
  it('counts only as many files of a drag as there are places', () => {
    expect(drag(['video/mp4', 'video/mp4', 'video/mp4'], ['video'], 2)).toMatchObject({
      state: 'mixed',
      accepted: 2,
      left: 1,
    });
  });
});

describe('accept', () => {
  it('a MIME type alone does not decide where extensions are accepted', () => {
    expect(judgeMimeType('video/x-matroska', ['.mkv'])).toBe('unknown');
    expect(judgeMimeType('text/plain', ['.mkv'])).toBe('no');
    expect(judgeMimeType('video/mp4', ['video/mp4'])).toBe('yes');
  });
  it('names the accepted types for a sentence', () => {
    expect(typeNames(['video'])).toEqual(['MP4', 'MOV', 'MKV', 'WebM']);
    expect(typeNames(['.mkv', 'video/mp4'])).toEqual(['MKV', 'MP4']);
    expect(kindOf(['.mkv', 'video/mp4'])).toBe('video');
    expect(kindOf(['video', 'image'])).toBe('file');
  });
  it('keeps .mkv files choosable in the file dialog', () => {
    expect(inputAccept(['video'])).toMatch(/^video\/\*,.*\.mkv/);
  });
});
