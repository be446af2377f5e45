import { afterEach, expect, it, vi } from 'vitest';
import type { AddItem, Restrictions } from '../types.js';
import { intake, type IntakeOptions } from './intake.js';
import * as probeCode from './probe.js';
import * as unreadCode from './unread.js';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const fileOf = (name: string) => new File(['x'], name);
const files = Array.from({ length: 40 }, (_, index) => fileOf(`${index}.mp4`));

/** Everything that becomes of these files; `names` are those let in so far. */
function run(
  items: readonly AddItem[],
  {
    probe = () => Promise.resolve(undefined),
    names = [],
    unread = new Set(),
    metadata,
    loadUnread = () => Promise.resolve(unreadCode),
    ...restrictions
  }: Restrictions & {
    probe?: () => Promise<undefined>;
    names?: string[];
    unread?: Set<string>;
    metadata?: IntakeOptions['metadata'];
    loadUnread?: IntakeOptions['loadUnread'];
  } = {},
) {
  const rejections: { name: string; code: string }[] = [];
  const groups = intake(items, {
    restrictions: { accept: [], ...restrictions },
    probe,
    metadata,
    loadProbe: () => Promise.resolve(probeCode),
    loadUnread,
    identify: () => Promise.resolve(undefined),
    countOpen: () => names.length,
    append: ({ file, isUnread }) => {
      names.push(file.name);
      if (isUnread) unread.add(file.name);
      return file.name;
    },
    settle: (name, isAccepted) => {
      unread.delete(name);
      if (!isAccepted) names.splice(names.indexOf(name), 1);
      return !isAccepted;
    },
  });
  const done = (async () => {
    for await (const group of groups)
      rejections.push(...group.rejections.map(({ file, code }) => ({ name: file.name, code })));
  })();
  return { names, rejections, done };
}

it.each([
  [
    'throws',
    () => {
      throw new Error('of the host');
    },
  ],
  ['rejects', () => Promise.reject(new Error('of the host'))],
])('rejects only the file for which the rule of the host %s, and reports the error', async (_, fail) => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const { names, rejections, done } = run(files, {
    validate: ({ name }) => (name === '3.mp4' ? fail() : undefined),
  });
  await done;
  expect(names).toHaveLength(39);
  expect(rejections).toEqual([{ name: '3.mp4', code: 'custom' }]);
  expect(report).toHaveBeenCalledOnce();
});

it.each([null, true, 0, {}, []])(
  'accepts a file for which the rule of the host answers %j, which is no text',
  async (answer) => {
    const validate = () => answer as unknown as string;
    const names: string[] = [];
    const { rejections, done } = run(files.slice(0, 2), { names, validate });
    await done;
    expect(rejections).toEqual([]);
    expect(names).toEqual(['0.mp4', '1.mp4']);
  },
);

it('accepts files whose headers cannot be read because the code for it cannot be loaded', async () => {
  const { names, done } = run([fileOf('a.mp4')], {
    maxDurationSeconds: 60,
    probe: () => Promise.reject(new TypeError('Failed to fetch dynamically imported module')),
  });
  await done;
  expect(names).toEqual(['a.mp4']);
});

it('rejects only the file whose disk does not answer, and accepts the others meanwhile', async () => {
  vi.useFakeTimers();
  const asleep = fileOf('asleep.mp4');
  asleep.stream = () => new ReadableStream({ pull: () => new Promise(() => {}) });
  const { names, rejections, done } = run([asleep, ...files]);
  await vi.advanceTimersByTimeAsync(2000);
  expect(names).toHaveLength(40);
  expect(rejections).toEqual([]);
  await vi.advanceTimersByTimeAsync(30_000);
  await done;
  expect(rejections).toEqual([{ name: 'asleep.mp4', code: 'file-unreadable' }]);
  expect(vi.getTimerCount()).toBe(0);
});

it('gives the last place to one file when two drops come at once', async () => {
  for (let round = 0; round < 20; round++) {
    const names: string[] = [];
    const drops = ['a', 'b'].map((name) => run([fileOf(name)], { names, maxFiles: 1 }));
    await Promise.all(drops.map(({ done }) => done));
    expect(names).toHaveLength(1);
  }
});

it('rejects what could not be opened by its name, and adds the other files with their paths', async () => {
  const added: (string | undefined)[] = [];
  const groups = intake(
    [
      { file: fileOf('a.mp4'), path: 'day 1/a.mp4' },
      { file: new File([], '.Trashes'), rejection: { code: 'file-unreadable' } },
      fileOf('b.mp4'),
    ],
    {
      restrictions: { accept: [] },
      probe: () => Promise.resolve(undefined),
      metadata: undefined,
      loadProbe: () => Promise.resolve(probeCode),
      loadUnread: () => Promise.resolve(unreadCode),
      identify: () => Promise.resolve(undefined),
      countOpen: () => 0,
      append: ({ file, path }) => {
        added.push(path);
        return file.name;
      },
      settle: () => false,
    },
  );
  const rejected = [];
  for await (const { rejections } of groups)
    rejected.push(...rejections.map(({ file, code }) => [file.name, code]));
  expect(added).toEqual(['day 1/a.mp4', undefined]);
  expect(rejected).toEqual([['.Trashes', 'file-unreadable']]);
});

it.each<[string, NonNullable<IntakeOptions['metadata']>]>([
  [
    'throws',
    () => {
      throw new Error('of the host');
    },
  ],
  ['rejects', () => Promise.reject(new Error('of the host'))],
  ['returns what is no JSON', () => ({ size: 1n })],
])('rejects only the file for which the metadata of the host %s, and reports its error', async (_, fail) => {
  const report = vi.fn();
  vi.stubGlobal('reportError', report);
  const { names, rejections, done } = run(files.slice(0, 3), {
    metadata: (file) => (file.name === '1.mp4' ? fail(file) : { name: file.name }),
  });
  await done;
  expect(names).toEqual(['0.mp4', '2.mp4']);
  expect(rejections).toEqual([{ name: '1.mp4', code: 'custom' }]);
  expect(report).toHaveBeenCalledOnce();
});

/** A text file whose first bytes come once `read` is called; `asked` resolves when they are asked for. */
function heldFile(name: string) {
  const file = fileOf(name);
  let [read, ask] = [() => {}, () => {}];
  const isRead = new Promise<void>((resolve) => (read = resolve));
  const asked = new Promise<void>((resolve) => (ask = resolve));
  file.stream = () => {
    ask();
    return new ReadableStream({
      pull: async (controller) => {
        await isRead;
        controller.enqueue(new TextEncoder().encode('a text'));
        controller.close();
      },
    });
  };
  return { file, read, asked };
}

const many = (last: File) => [
  ...Array.from({ length: 600 }, (_, index) => new File(['\0\0\0\x18ftypisom'], `${index}.mp4`)),
  last,
];

it('adds the files of a large drop before their first bytes are read, and rejects what is no video after that', async () => {
  const { file, read, asked } = heldFile('last.mp4');
  const names: string[] = [];
  const unread = new Set<string>();
  const { rejections, done } = run(many(file), { accept: ['video'], names, unread });
  await asked;
  expect(names).toHaveLength(601);
  expect(unread).toContain('last.mp4');
  expect(rejections).toEqual([]);
  read();
  await done;
  expect(names).toHaveLength(600);
  expect(unread.size).toBe(0);
  expect(rejections).toEqual([{ name: 'last.mp4', code: 'file-invalid-type' }]);
});

it.each([
  ['a few files', 20, {}],
  ['a large drop of which not all may have a place', 600, { maxFiles: 1000 }],
  ['a large drop whose headers are asked for', 600, { maxDurationSeconds: 60 }],
])('reads the first bytes of %s before adding them', async (_, count, rules) => {
  const { file, read, asked } = heldFile('last.mp4');
  const names: string[] = [];
  const unread = new Set<string>();
  const { rejections, done } = run(many(file).slice(-count), {
    accept: ['video'],
    names,
    unread,
    ...rules,
  });
  await asked;
  read();
  await done;
  expect(unread.size).toBe(0);
  expect(names).toHaveLength(count - 1);
  expect(rejections).toEqual([{ name: 'last.mp4', code: 'file-invalid-type' }]);
});

it('reads the first bytes of a large drop before adding its files where the code for it cannot be loaded', async () => {
  const { file, read, asked } = heldFile('last.mp4');
  const names: string[] = [];
  const unread = new Set<string>();
  const loadUnread = () => Promise.reject(new TypeError('Failed to fetch dynamically imported module'));
  const { rejections, done } = run(many(file), { accept: ['video'], names, unread, loadUnread });
  await asked;
  read();
  await done;
  expect(unread.size).toBe(0);
  expect(names).toHaveLength(600);
  expect(rejections).toEqual([{ name: 'last.mp4', code: 'file-invalid-type' }]);
});

it('reads what its name rejects, so that a folder is told from a file of another kind', async () => {
  const folder = fileOf('folder');
  folder.stream = () => new ReadableStream({ pull: () => Promise.reject(new Error('a folder')) });
  const names: string[] = [];
  const { rejections, done } = run(many(folder), { accept: ['video'], names });
  await done;
  expect(names).toHaveLength(600);
  expect(rejections).toEqual([{ name: 'folder', code: 'file-unreadable' }]);
});

it('gives up the task by time, with no timer for each file, and counts the list only for a limit', async () => {
  const many = Array.from({ length: 1000 }, (_, index) => fileOf(`${index}.mp4`));
  const countOpen = vi.fn(() => 0);
  /** How many tasks follow each other when each group takes so long. */
  const tasksOf = async (groupMs: number, restrictions: Restrictions = {}) => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (now += groupMs));
    const timers = vi.spyOn(globalThis, 'setTimeout');
    let added = 0;
    const groups = intake(many, {
      restrictions: { accept: [], ...restrictions },
      probe: () => Promise.resolve(undefined),
      metadata: undefined,
      loadProbe: () => Promise.resolve(probeCode),
      loadUnread: () => Promise.resolve(unreadCode),
      identify: () => undefined,
      countOpen,
      append: ({ file }) => file.name,
      settle: () => false,
    });
    for await (const group of groups) added += group.added.length;
    expect(added).toBe(1000);
    const tasks = timers.mock.calls.filter(([, delayMs]) => delayMs === undefined).length;
    const perGroup = timers.mock.calls.length - tasks;
    vi.restoreAllMocks();
    return { tasks, perGroup };
  };
  const [quick, slow] = [await tasksOf(0.1), await tasksOf(20)];
  expect(quick.tasks).toBe(1);
  expect(slow.tasks).toBeGreaterThan(20);
  // Each file has one timer, for the reading of its first bytes: 256 before they are added, the others after.
  expect(quick.perGroup).toBeLessThan(1000 + 60);
  expect(countOpen).not.toHaveBeenCalled();
  await tasksOf(0.1, { maxFiles: 2000 });
  expect(countOpen).toHaveBeenCalled();
});
