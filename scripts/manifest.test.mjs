// @vitest-environment happy-dom
import { expect, it } from 'vitest';
import { VodropUploaderElement } from '../src/element/index.js';
import { makeManifest } from './manifest.mjs';

const [{ declarations }] = makeManifest().modules;
const [element] = declarations;

it('lists in the custom elements manifest every attribute that the element observes', () => {
  expect(element.attributes.map(({ name }) => name).toSorted()).toEqual(
    VodropUploaderElement.observedAttributes.toSorted(),
  );
});

it('lists in the custom elements manifest only members that the element has', () => {
  const instance = document.createElement('vodrop-uploader');
  expect(element.members.filter(({ name }) => !(name in instance)).map(({ name }) => name)).toEqual([]);
});

it('describes every attribute, property, event and slot in the custom elements manifest', () => {
  const { attributes, members, events, slots } = element;
  const known = ['pauseAll', 'resumeAll', 'cancelAll', 'retryAll', 'focus'];
  const standard = [
    'labels',
    'type',
    'validity',
    'validationMessage',
    'willValidate',
    'checkValidity',
    'reportValidity',
    'setCustomValidity',
  ];
  const silent = [...attributes, ...members, ...events, ...slots].filter(({ description }) => !description);
  expect(silent.map(({ name }) => name).filter((name) => ![...known, ...standard].includes(name))).toEqual(
    [],
  );
  expect(events.length).toBeGreaterThan(5);
});
