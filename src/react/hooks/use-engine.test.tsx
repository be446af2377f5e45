// @vitest-environment happy-dom
import { render, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { createUploader, type UploaderOptions } from '../../engine/index.js';
import { UploaderProvider } from '../provider.js';

vi.mock('../../engine/index.js', async (load) => {
  const engine: { createUploader: typeof createUploader } = await load();
  return { ...engine, createUploader: vi.fn(engine.createUploader) };
});

it('passes the settings of the widget to the engine, and always reads the newest limits and functions', async () => {
  const settings = {
    endpoint: '/api/uploads',
    provider: 'huawei-vod',
    maxSize: '2GB',
    concurrency: 2,
    autoStart: false,
    keepFilesMaxSize: '1MB',
    abandonAfterMs: 3_600_000,
    scope: 'lesson 1',
  } as const;
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const { rerender } = render(
    <UploaderProvider {...settings} headers={{ authorization: 'first' }} metadata={() => ({ course: 1 })} />,
  );
  rerender(
    <UploaderProvider {...settings} headers={{ authorization: 'second' }} metadata={() => ({ course: 2 })} />,
  );
  await waitFor(() => {
    expect(createUploader).toHaveBeenCalledOnce();
  });
  const options = vi.mocked(createUploader).mock.calls[0]?.[0] as UploaderOptions;
  expect(options).toMatchObject({
    endpoint: '/api/uploads',
    provider: 'huawei-vod',
    polling: 'manual',
    concurrency: { files: 2 },
    autoStart: false,
    keepFilesMaxSizeBytes: 1e6,
    abandonAfterMs: 3_600_000,
    scope: 'lesson 1',
    restrictions: { maxSizeBytes: 2e9 },
  });
  const { headers, metadata } = options;
  expect(typeof headers === 'function' && (await headers())).toEqual({ authorization: 'second' });
  expect(await metadata?.(new File([], 'a.mp4'))).toEqual({ course: 2 });
  rerender(
    <UploaderProvider {...settings} maxSize="3GB" autoStart concurrency={5} onUnauthorized={() => {}} />,
  );
  expect(options.onUnauthorized).toBeUndefined();
  expect(options.restrictions?.maxSizeBytes).toBe(3e9);
  expect(options.autoStart).toBe(true);
  expect(createUploader).toHaveBeenCalledOnce();
  expect(warn).toHaveBeenCalledOnce();
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('"concurrency"'));
});

it('leaves an engine the settings of its own scope when the widget goes on with another person', async () => {
  // The engine's code is loaded on demand, which takes a while on a busy machine.
  const patient = { timeout: 15_000 };
  const place = { endpoint: '/api/uploads', provider: 'huawei-vod' } as const;
  const person = (name: string) => (
    <UploaderProvider
      {...place}
      scope={name}
      headers={() => ({ authorization: name })}
      metadata={() => ({ owner: name })}
    />
  );
  vi.mocked(createUploader).mockClear();
  const { rerender } = render(person('anna'));
  await waitFor(() => {
    expect(createUploader).toHaveBeenCalledOnce();
  }, patient);
  rerender(person('ben'));
  await waitFor(() => {
    expect(createUploader).toHaveBeenCalledTimes(2);
  }, patient);
  const [annas, bens] = vi.mocked(createUploader).mock.calls.map(([options]) => options);
  const toldBy = async (options: UploaderOptions | undefined) => [
    typeof options?.headers === 'function' && (await options.headers()),
    await options?.metadata?.(new File([], 'a.mp4')),
  ];
  // What Anna has waiting in the queue must not be started as Ben's.
  expect(await toldBy(annas)).toEqual([{ authorization: 'anna' }, { owner: 'anna' }]);
  expect(await toldBy(bens)).toEqual([{ authorization: 'ben' }, { owner: 'ben' }]);
  rerender(person('anna'));
  await waitFor(async () => {
    expect(await toldBy(annas)).toEqual([{ authorization: 'anna' }, { owner: 'anna' }]);
  }, patient);
}, 40_000);
