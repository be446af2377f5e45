// @vitest-environment happy-dom
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeAll, it, vi } from 'vitest';
import { anUpload, createFakeUploader } from '../../testing/index.js';
import { uploadComponents } from '../components/lazy.js';
import { Uploader } from '../uploader.js';

vi.mock('../locales/on-demand/fr.ts', () => {
  throw new Error('offline');
});

beforeAll(() => uploadComponents.load());
afterEach(cleanup);

const showNotes = (locale: string, ownTitle?: string) => {
  const noted = anUpload({ status: 'uploading', notes: [{ code: 'no-sound' }] });
  const messages = ownTitle === undefined ? {} : { notes: { title: ownTitle } };
  render(
    <Uploader uploader={createFakeUploader({ uploads: [noted] })} locale={locale} messages={messages} />,
  );
};
const heading = (text: string) => screen.findByRole('heading', { name: text }, { timeout: 20_000 });

it('shows a part that is loaded on demand in the language of the widget', async () => {
  showNotes('de');
  await heading('1 Hinweis vor dem Senden');
});

it('shows a part in the words of the host where it has any, and the others in the language', async () => {
  showNotes('de', 'Gut zu wissen');
  await heading('Gut zu wissen');
  await screen.findByText('Kein Ton');
});

it('shows a part in the words of German, too, in the formal address', async () => {
  showNotes('de-formal');
  await heading('1 Hinweis vor dem Senden');
});

it('shows a part in English when the words of the language cannot be loaded', async () => {
  showNotes('fr');
  await heading('1 thing to know before sending');
});
