// @vitest-environment happy-dom
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, expectTypeOf, it } from 'vitest';
import { VodropUploaderElement, type VodropUploaderProperties } from './index.js';
import { parts } from './parts.js';
import { attributes, objectProperties, propertyOf, readAttribute, writeAttribute } from './properties.js';

afterEach(() => {
  document.body.replaceChildren();
});

describe('the properties of the element', () => {
  it.each(Object.entries(attributes))('mirrors the attribute %s in a property', (attribute, kind) => {
    const element = document.createElement('vodrop-uploader');
    const [text, value] = {
      text: ['a', 'a'] as const,
      list: ['a, b', ['a', 'b']] as const,
      number: ['7', 7] as const,
      boolean: ['', true] as const,
      switch: ['false', false] as const,
      json: ['{"files":2}', { files: 2 }] as const,
    }[kind];
    element.setAttribute(attribute, text);
    expect(Reflect.get(element, propertyOf(attribute))).toEqual(value);
    element.removeAttribute(attribute);
    expect(Reflect.get(element, propertyOf(attribute))).toBe(kind === 'boolean' ? false : undefined);
  });

  it('writes texts, numbers and booleans to attributes, and keeps objects and functions as they are', () => {
    const element = document.createElement('vodrop-uploader');
    const headers = () => ({ 'x-a': '1' });
    Object.assign(element, { maxSize: '2GB', maxFiles: 2, autoStart: false, disabled: true, headers });
    Object.assign(element, { codecs: ['avc'], locale: { tag: 'xx' } });
    const written = Object.fromEntries(
      element.getAttributeNames().map((name) => [name, element.getAttribute(name)]),
    );
    expect(written).toEqual({ 'max-size': '2GB', 'max-files': '2', 'auto-start': 'false', disabled: '' });
    expect(element.headers).toBe(headers);
    expect(element.codecs).toEqual(['avc']);
    expect(element.locale).toEqual({ tag: 'xx' });
    element.locale = 'de';
    expect(element.getAttribute('locale')).toBe('de');
    element.maxFiles = undefined;
    expect(element.hasAttribute('max-files')).toBe(false);
  });

  it('reads a number that is none as a text, and JSON that is none as a text', () => {
    expect(readAttribute('number', '10 min')).toBe('10 min');
    expect(readAttribute('json', '{')).toBe('{');
    expect(writeAttribute('json', { files: 1 })).toBeUndefined();
  });

  it('has an accessor for every property of the type', () => {
    type Named = (typeof objectProperties)[number];
    type Attribute = keyof typeof attributes;
    type Camel<Name extends string> = Name extends `${infer Head}-${infer Tail}`
      ? `${Head}${Capitalize<Camel<Tail>>}`
      : Name;
    expectTypeOf<keyof VodropUploaderProperties>().toEqualTypeOf<Named | Camel<Attribute>>();
    for (const name of [...Object.keys(attributes).map(propertyOf), ...objectProperties])
      expect(name in VodropUploaderElement.prototype).toBe(true);
  });
});

it('has the media ids of its value, separated by commas', () => {
  const element = document.createElement('vodrop-uploader');
  element.setAttribute('value', 'a,b');
  expect(element.mediaIds).toEqual(['a', 'b']);
  element.value = 'c';
  expect(element.mediaIds).toEqual(['c']);
  element.mediaIds = ['d', 'e'];
  expect(element.value).toBe('d,e');
});

it('names every part that the DOM contract names, and no class that the widget does not have', () => {
  const components = path.join(import.meta.dirname, '../react/components');
  const source = readdirSync(components, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.tsx') && !name.includes('dock') && !name.includes('.test.'))
    .map((name) => readFileSync(path.join(components, name), 'utf8'))
    .join('\n');
  const named = Array.from(source.matchAll(/data-vodrop="([\w-]+)"/g), ([, name = '']) => name);
  expect(new Set(named).size).toBeGreaterThan(7);
  expect(named.filter((name) => !(name in parts) && name !== 'announcements' && name !== 'alerts')).toEqual(
    [],
  );
  const classes = Object.values(parts).flatMap((selector) =>
    selector.startsWith('.') ? [selector.slice(1)] : [],
  );
  expect(classes.filter((name) => !new RegExp(`\\b${name}\\b`).test(source))).toEqual([]);
});

it('is defined once', () => {
  expect(customElements.get('vodrop-uploader')).toBe(VodropUploaderElement);
});
