// @vitest-environment happy-dom
import { act, cleanup, render, waitFor } from '@testing-library/react';
import { StrictMode, useEffect } from 'react';
import { afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Uploader } from '../engine/index.js';
import { createFakeUploader, type FakeUploader } from '../testing/index.js';
import { useWidget, type WidgetContext } from './context.js';
import { UploaderRoot } from './components/uploader-root.js';
import { UploaderProvider } from './provider.js';
import { Recordings } from './sources/recordings.js';
import { useSources, type SourcesStore } from './sources/sources-store.js';
import { Copies as AnyCopies } from './components/lazy.js';
import { Copies } from './trim/copies.js';
import { ShrinkJobs, shrinkJobsOf, type Film } from './trim/shrink-jobs.js';

const engines = new Map<string, FakeUploader>();

vi.mock('../engine/index.js', async (load) => {
  const engine: object = await load();
  const createUploader = ({ scope = '' }: { scope?: string }): Uploader => {
    const fake = createFakeUploader();
    engines.set(scope, fake);
    return fake;
  };
  return { ...engine, createUploader };
});

vi.mock('./sources/recorder-dialog.js', () => ({ RecorderDialog: () => null }));

vi.setConfig({ testTimeout: 40_000 });
beforeAll(async () => {
  await import('../engine/index.js');
}, 60_000);

afterEach(() => {
  cleanup();
  engines.clear();
});

let widget: WidgetContext | undefined;
function Spy() {
  const context = useWidget();
  useEffect(() => {
    widget = context;
  });
  return null;
}

const place = { endpoint: '/api/uploads', provider: 'huawei-vod' } as const;
const added = (scope: string) =>
  engines
    .get(scope)
    ?.calls.flatMap(({ method, files = [] }) => (method === 'add' ? files.map(({ name }) => name) : []));

it('adds a file for the person who gave it, though the host answers when another one has signed in', async () => {
  let answer: () => void = () => undefined;
  const onFilesAdded = () =>
    new Promise<undefined>((resolve) => {
      answer = () => {
        resolve(undefined);
      };
    });
  const person = (scope: string) => (
    <UploaderProvider {...place} scope={scope} onFilesAdded={onFilesAdded}>
      <Spy />
    </UploaderProvider>
  );
  const { rerender } = render(person('anna'));
  await waitFor(() => {
    expect(engines.has('anna')).toBe(true);
  });
  const adding = widget?.addFiles([new File(['a'], 'annas.mp4')]);
  rerender(person('ben'));
  await waitFor(() => {
    expect(engines.has('ben')).toBe(true);
  });
  await act(async () => {
    answer();
    await adding;
  });
  expect(added('anna')).toEqual(['annas.mp4']);
  expect(added('ben')).toEqual([]);
});

it.each([
  { what: 'the dialog for links', source: { kind: 'link', text: 'https://media.test/a.mp4' } },
  { what: 'the recorder', source: { kind: 'camera' } },
] as const)('closes $what when the widget goes on with another person', async ({ source }) => {
  let sources: SourcesStore | undefined;
  function SourcesSpy() {
    const store = useSources();
    useEffect(() => {
      sources = store;
    });
    return null;
  }
  const person = (scope: string) => (
    <StrictMode>
      <UploaderProvider {...place} scope={scope} sources={['device', 'link']}>
        <UploaderRoot>
          <Recordings />
          <SourcesSpy />
        </UploaderRoot>
      </UploaderProvider>
    </StrictMode>
  );
  const { rerender } = render(person('erna'));
  act(() => sources?.open(source));
  rerender(person('erna'));
  expect(sources?.peek()).toBeDefined();
  rerender(person('fred'));
  await waitFor(() => {
    expect(sources?.peek()).toBeUndefined();
  });
});

const filmOf = (engine: Uploader): Film => ({
  file: new File(['a'], 'annas.mp4'),
  handle: undefined,
  path: undefined,
  engine,
  summary: {} as Film['summary'],
  choices: [],
});

it('sends a film whose smaller copy was asked about to the engine that it was given to', async () => {
  const [hosted, anna] = [createFakeUploader(), createFakeUploader()];
  const jobs = shrinkJobsOf(hosted, 'annas');
  await jobs.ask([filmOf(anna)], 0);
  jobs.answer(undefined, true);
  await waitFor(() => {
    expect(anna.calls.map(({ method }) => method)).toEqual(['add']);
  });
  expect(hosted.calls).toEqual([]);
});

it('lets go of the films of a person when the widget goes on with another one', async () => {
  const close = vi.spyOn(ShrinkJobs.prototype, 'close');
  const person = (scope: string) => (
    <UploaderProvider {...place} scope={scope} shrink={{}}>
      <Copies />
      <Spy />
    </UploaderProvider>
  );
  const { rerender } = render(person('carla'));
  await waitFor(() => {
    expect(engines.has('carla')).toBe(true);
  });
  const carlas = widget && shrinkJobsOf(widget.uploader, widget.place);
  rerender(person('dan'));
  await waitFor(() => {
    expect(close.mock.contexts).toContain(carlas);
  });
});

it('keeps a film that is on its way when the host turns shrinking off', async () => {
  const close = vi.spyOn(ShrinkJobs.prototype, 'close');
  const restore = vi.spyOn(ShrinkJobs.prototype, 'restore');
  const policy = (shrink: object | undefined) => (
    <UploaderProvider {...place} scope="erna" shrink={shrink}>
      <AnyCopies />
    </UploaderProvider>
  );
  const { rerender, unmount } = render(policy({ when: 'always' }));
  await waitFor(() => {
    expect(restore).toHaveBeenCalled();
  });
  close.mockClear();
  rerender(policy(undefined));
  await new Promise((resolve) => setTimeout(resolve));
  expect(close).not.toHaveBeenCalled();
  unmount();
  await waitFor(() => {
    expect(close).toHaveBeenCalledTimes(1);
  });
});
