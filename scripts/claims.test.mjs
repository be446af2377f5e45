import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { root } from './install.mjs';

const unit = (name) => `src/engine/${name}.test.ts`;
const uploader = unit('uploader');
const patience = unit('patience');
const ownership = unit('ownership');
const scope = unit('scope');
const addedBy = unit('added-by');
const addedByServer = 'src/server/added-by.test.ts';
const events = unit('upload-events');
const tabs = unit('tabs/tabs');
const silence = unit('silence');
const trouble = unit('file-trouble');
const duplicates = unit('duplicates');
const code = unit('load-code');
const intake = unit('restrictions/intake');
const choices = 'src/react/choices.test.tsx';
const widget = 'src/react/uploader.test.tsx';
const undo = 'src/react/undo.test.tsx';
const undoInBrowser = 'e2e/widget-undo.spec.ts';
const memory = 'e2e/memory.spec.ts';
const kill = 'e2e/kill.spec.ts';
const drops = 'e2e/drops.spec.ts';
const reload = 'e2e/reload.spec.ts';
const posters = 'src/react/files/kept-posters.test.ts';

/** Sentences that only introduce, advise or point elsewhere. */
const noClaims = [
  '**Automatically.**',
  '**One click.**',
  '**The file again.**',
  '`scope` says whose uploads these are',
  'Two widgets on one page need two scopes.',
  'A browser cannot rule out that an event comes twice',
  'The tests kill Chromium, and reload',
];

/** The beginning of each sentence or table row that claims something, and the test that shows it. */
const claims = {
  resume: [
    [
      'The browser records each part',
      uploader,
      'goes on with the same file without sending a stored part again',
    ],
    [
      'While more than fifty records a second',
      unit('resume/indexed-db'),
      'writes many small uploads in few transactions that are apart, and the latest of each entry',
    ],
    [
      'Where the browser is killed while thousands',
      unit('resume/indexed-db'),
      'writes many small uploads in few transactions that are apart, and the latest of each entry',
    ],
    ['After a reload, a crash or some days', uploader, 'trusts the list of the store more than the journal'],
    [
      'Before an upload is completed',
      uploader,
      'finds a damaged part at the end where the store hides its ETags',
    ],
    [
      'Files up to `keepFilesMaxSize`',
      unit('resume/journal'),
      'keeps the bytes of files up to 200 MB together',
    ],
    ['An upload whose bytes have all arrived', uploader, 'confirms by itself when the reload came between'],
    [
      'Where the browser provides a file handle',
      choices,
      'continues an unfinished upload with one click where the browser can open the file',
    ],
    [
      'The browser may ask for permission.',
      uploader,
      'goes on without a dialog where the browser gave a handle',
    ],
    [
      'Otherwise the card asks for the same file',
      uploader,
      'offers the unfinished upload, and goes on with the same file',
    ],
    ['It is recognized by its content', ownership, 'becomes one upload when both tabs continue it by %s'],
    ['Another file of the same name and size', choices, 'offers to choose again or to upload it as new'],
    [
      'Cover and subtitles that were not stored yet',
      unit('attachments'),
      'are sent after a reload in the middle of the video',
    ],
    [
      'An upload that was paused stays paused',
      ownership,
      'stays paused after a reload, also where its file was kept',
    ],
    ['Only uploads of the same `scope`', scope, 'is not listed as unfinished there'],
    [
      'The card shows a small picture',
      reload,
      'shows the picture of its video, which is deleted with the upload',
    ],
    ['The picture is kept in the Cache API', posters, 'that are of no use when it keeps another'],
    ['Pictures are kept apart', posters, 'keeps a picture for its upload and its place only'],
    [
      'reload, tab closed, browser killed',
      kill,
      'after a kill during uploading, choosing the same file sends only the missing parts',
    ],
    ['small file', kill, 'continues after a crash without being chosen again'],
    [
      "large file, dropped or chosen with the widget's button",
      kill,
      'a dropped file resumes with one click and without a file dialog',
    ],
    [
      'large file, chosen where the browser has no such picker',
      'e2e/browsers/firefox.browsers.ts',
      'choosing the same file after a reload continues the upload',
    ],
    [
      'another tab is open',
      'e2e/tabs.spec.ts',
      'the second tab continues the upload within five seconds without asking for the file',
    ],
    ['private window', memory, 'as in private windows of Safari, only the copies of small files are lost'],
    [
      'IndexedDB missing, refused or full',
      memory,
      'videos are stored anyway and the widget states that it cannot resume them',
    ],
    [
      'site data cleared, or storage refused',
      unit('storage-lost'),
      'that is %s is written again soon, and nothing of the upload is lost',
    ],
    [
      'Only multipart uploads continue.',
      uploader,
      'goes on with the same file without sending a stored part again',
    ],
    ['A file that goes in one PUT', uploader, 'sends a file in one PUT again from its first byte'],
    [
      'Some stores do not list the parts',
      uploader,
      'resumes from the journal where the store does not list its parts',
    ],
    [
      'An upload that had not started',
      kill,
      'the widget offers nothing to resume and the file starts as a new upload',
    ],
    [
      'What the cloud has begun for it',
      silence,
      'asks for nothing after an hour, because the endpoint has forgotten the start',
    ],
    [
      'Windows without storage.',
      uploader,
      'uploads without a journal, and says that it cannot resume after a reload',
    ],
    [
      'The widget says so, and the page asks',
      choices,
      'asks before the page is left only while sent bytes could not be continued',
    ],
    [
      'Uploads that the store has removed.',
      uploader,
      'starts from nothing when the store no longer knows the upload',
    ],
    [
      'The same file then starts again.',
      uploader,
      'starts from nothing when the store no longer knows the upload',
    ],
    [
      'A file that has changed since.',
      uploader,
      'does not resume with another file of the same name, size and date',
    ],
    ['Parts of two versions are never stored', uploader, 'never mixes two contents'],
    [
      'An upload without progress for',
      uploader,
      'discards an unfinished upload without progress for too long, and keeps a younger one',
    ],
    [
      'An upload that was canceled while',
      uploader,
      'completes a cancel on the next visit when it did not reach the endpoint',
    ],
    ['While the browser is offline nothing', patience, 'does not count the time offline'],
    [
      'Silence, restarts, error pages and throttling',
      patience,
      'outlasts a night without endpoint and store',
    ],
    [
      'Only an address whose answers',
      uploader,
      'fails after six calls when an HTML page has always answered',
    ],
    [
      'An upload that the store has forgotten',
      uploader,
      'begins anew by itself when the store has lost the upload',
    ],
    ['It gives up after `retry.patienceMs`', patience, 'outlasts a night without endpoint and store'],
    [
      'A part without progress for half a minute',
      'e2e/line.spec.ts',
      'a part without progress for half a minute is sent again',
    ],
    [
      'Expired signatures and temporary keys',
      uploader,
      'signs again when a URL has expired, without the person noticing',
    ],
    [
      'When the endpoint answers 401',
      uploader,
      'waits for the person to sign in again, asks once, and goes on',
    ],
    [
      'A store can refuse without CORS headers',
      patience,
      'is found out to have forgotten the upload, which begins anew',
    ],
    [
      'After every four silences',
      patience,
      'is asked about at most every ten seconds, however many parts are silent',
    ],
    [
      'If it does, the row waits for the cloud',
      silence,
      'is waited for as a store in trouble, not as a network',
    ],
    [
      'Where the store has never acknowledged a byte',
      silence,
      'fails an upload of which it has never acknowledged a byte',
    ],
    [
      'Whether a file in one PUT has arrived',
      silence,
      'leaves it to the end whether a single PUT has arrived after %s',
    ],
    [
      'In development, the console says once',
      unit('outside'),
      'warns the developer once where something that is no token endpoint answers',
    ],
    ['A disk that sleeps, a stick', trouble, 'from %s on goes on by itself, and nothing stored is lost'],
    [
      'It goes on by itself when the file can be read',
      trouble,
      'opens the file again where the browser gave a handle',
    ],
    ['It fails as `file-changed` only', trouble, 'fails as changed when its handle opens another content'],
    ['A cancel that meets the completion', unit('claims'), 'is too late when it goes through (%s)'],
    ['After a reload it is the same.', unit('claims'), 'has one end after the tab was closed (%s)'],
    [
      'A cancel while the answer to the start',
      silence,
      'discards what the lost start has created, once the endpoint answers again',
    ],
    ['Canceling, removing and discarding can', undo, 'the list that was cleared comes back by one Undo'],
    ['The row of a canceled upload is removed', undo, 'takes away the row of a canceled upload at once'],
    [
      'A canceled upload is paused meanwhile',
      undoInBrowser,
      'aborted when the time to undo is over, and not before',
    ],
    ['The time stops while', undo, 'stands still while the %s is on Undo'],
    ['If the page is left earlier', undoInBrowser, 'leaves an unfinished upload, which can be continued'],
    [
      'Another tab shows it as paused',
      undoInBrowser,
      'while its cancellation can be undone, and can resume it',
    ],
    ['Where two tabs have ended the same upload', undo, 'is restored in both by Undo in one of them: %s'],
    ['"Start all", "Resume all"', undo, 'leaves out what waits for Start and was given up'],
    [
      'An import from a link that has begun',
      undo,
      'at once, because the cloud would begin within the time to undo',
    ],
    ['`undo={false}` turns this off', undo, 'ends at once where the host wants no undo'],
    [
      'The row asks instead',
      widget,
      'asks before an upload is canceled that is being confirmed, because it cannot wait',
    ],
    [
      'The page asks before it is left only',
      choices,
      'asks before the page is left only while sent bytes could not be continued',
    ],
    ['Files that wait for "Start" do not count', choices, 'or before "Start"'],
    ['`warnOnLeave={false}` turns that off.', choices, 'whether the page asks before it is left is %s'],
    [
      'What a first file, its cover',
      code,
      'is not repeated for code that is there already, also while offline',
    ],
    [
      'A part of the widget that is asked for and missing',
      'src/react/components/lazy-part.test.tsx',
      'is said to be missing after some seconds, and comes when it can be loaded',
    ],
    ['Where that did not happen in time', code, 'rejects every file by name'],
    ['While offline, uploads and added files', code, 'an upload waits while offline and goes on by itself'],
  ],
  application: [
    ['Uploads of another scope are neither', scope, 'is neither continued nor discarded there by its id'],
    ['The scope is part of the journal', scope, 'is not taken over there when its tab dies'],
    ['Without a scope, all pages', scope, 'belong to the scope "" and are continued'],
    [
      'When `scope` changes',
      'src/react/hooks/use-engine.test.tsx',
      'leaves an engine the settings of its own scope',
    ],
    ['The endpoint protects the uploads', ownership, 'is not restarted from its kept file'],
    ["What it refuses as another person's", ownership, 'is left in the journal as it is in the phase %s'],
    [
      'A file that a person adds becomes',
      'src/react/scope-change.test.tsx',
      'adds a file for the person who gave it',
    ],
    ['Where a page stays open while another', addedByServer, 'is refused to ben with ticket-foreign'],
    ['Answers name the caller by an opaque text', addedByServer, 'is the same at every instance'],
    ['A file carries the name of the first answer', addedBy, 'are refused, keep their file'],
    ['`uploader.retryAll()` after the first person', addedBy, 'start as hers when she is back'],
    ['Only "Retry" in that very row', addedBy, 'start over as those of ben only where he retries that row'],
    [
      'A file that was added before a sign-in',
      addedBy,
      'belong to the caller that starts them where no caller was known',
    ],
    [
      'Where visitors choose files before',
      addedByServer,
      'is not given where the caller lets the next one start files that wait',
    ],
    ['`metadata` is called when a file is added.', scope, 'is taken when the file is added, shown and sent'],
    ['It may be async.', scope, 'is taken when the file is added, shown and sent'],
    [
      'Its answer is kept with the upload',
      events,
      'are told in their order, once, with receipt, media id and metadata',
    ],
    ['A file for which it throws', intake, 'rejects only the file for which the metadata of the host %s'],
    [
      '`onUploadStart`, `onConfirmed`, `onReady`',
      events,
      'are not told in another tab, which shows the upload',
    ],
    [
      'What happens while no widget of the scope',
      events,
      'the next listener receives a confirmation and an end that had no listener',
    ],
    [
      'Events are kept for `abandonAfterMs`',
      events,
      'are forgotten after the time after which uploads are abandoned',
    ],
    [
      'Those of the newest 200 uploads are kept.',
      events,
      'keeps the events of the newest 200 uploads that ended without a listener',
    ],
    [
      'A callback that throws counts as told',
      events,
      'are told to every listener, also where one throws, and the error is reported',
    ],
    [
      '`onUploadStart` and `onError` come again',
      events,
      'include every failure and every start after a retry',
    ],
    [
      '`onUploadStart` does not come again',
      events,
      'are told by the tab that takes the upload over, from there on',
    ],
    ['With the engine alone', events, 'are told in their order, once, with receipt, media id and metadata'],
    [
      'With the same endpoint, provider and scope',
      'src/react/stores/engine-registry.test.ts',
      'gives two widgets that are mounted at once, or of different keys, an engine each',
    ],
    [
      'A slot (`dropzone`',
      'src/react/host-functions.test.tsx',
      'that throws leaves the widget as it is without the slot, and is reported',
    ],
    [
      'A function of `messages` that throws',
      'src/react/host-functions.test.tsx',
      'cost themselves alone, and are reported once',
    ],
    [
      'A `validate` or `onFilesAdded` that throws',
      'src/react/host-functions.test.tsx',
      'an onFilesAdded that %s rejects its files with the reason',
    ],
    [
      'A `validate` or `metadata` that does not answer',
      unit('outside'),
      'rejects only the file for which the host never answers from %s',
    ],
    ['Options that cannot be written as JSON', unit('host-values'), '%s fail only their upload'],
    [
      'An `onUnauthorized` that throws',
      unit('host-values'),
      '%s fails its uploads with unauthorized, and is told to the host once',
    ],
    [
      'While its promise is pending',
      unit('host-values'),
      'never answers leaves cancel, and pause and resume, which let all others go on as well',
    ],
    [
      'An answer that is no promise',
      unit('host-values'),
      'answers %s has only shown a form: uploads wait until the host says more',
    ],
    [
      'Where `headers` throws, rejects or',
      unit('endpoint/client'),
      'counts a function for headers that %s as no reply to that call, and tells the host once',
    ],
    [
      'An answer that no request can carry',
      unit('endpoint/client'),
      'ends a call with headers-invalid for %s, and tells the host without the value',
    ],
    [
      'An `<Uploader>` without `endpoint`',
      'src/react/nested.test.tsx',
      'calls its own callbacks, beside those of the provider',
    ],
    [
      'It obeys its own callbacks',
      'src/react/nested.test.tsx',
      'is disabled by its own prop, and by that of the provider',
    ],
    [
      'So are its look and its place in a form.',
      'src/react/nested.test.tsx',
      'the types forbid an Uploader without a source what the provider decides',
    ],
    [
      "Every other setting is the provider's",
      'src/react/nested.test.tsx',
      'the types forbid an Uploader without a source what the provider decides',
    ],
    [
      'Limits, functions, `autoStart`',
      'src/react/hooks/use-engine.test.tsx',
      'always reads the newest limits and functions',
    ],
    [
      '`concurrency`, `abandonAfterMs`',
      'src/react/hooks/use-engine.test.tsx',
      'always reads the newest limits and functions',
    ],
    [
      'Whether there is an `onUnauthorized`',
      'src/react/hooks/use-engine.test.tsx',
      'always reads the newest limits and functions',
    ],
    ['An upload has one owner', tabs, 'lets only one of two tabs continue the same unfinished upload'],
    [
      'The others show it and pass on',
      tabs,
      'runs in the owner the commands that the person gives in the other tab',
    ],
    [
      'The card of an unfinished upload disappears',
      ownership,
      'comes back in both tabs when the first cannot go on with it after all',
    ],
    [
      'Continuing twice, by a double click',
      ownership,
      'makes one upload of a click now and a drop while it is under way',
    ],
    ['A paused upload stays paused in the tab', ownership, 'stays paused in the tab that takes it over'],
    [
      'Where a browser refuses locks',
      unit('outside'),
      'works alone where the browser never answers %s of its locks',
    ],
    ['Where it has locks but no channel', unit('tabs/port'), 'hand an upload on when its tab dies'],
    [
      'Where it refuses its storage',
      ownership,
      'the journal: a row whose tab is gone ends, and can be removed',
    ],
    [
      '`duplicates` decides about a file',
      duplicates,
      'is refused while another tab of the scope uploads it, and added in another scope',
    ],
    [
      '`allow` (default) makes another upload',
      duplicates,
      'is another upload where duplicates are allowed, which is the default',
    ],
    [
      '`uploader.add([rejection.item]',
      choices,
      'a duplicate that the person is asked about can be added all the same',
    ],
    [
      'Files are compared by their size',
      duplicates,
      'is refused under any name, while a file of that size with another content is added',
    ],
    ['Failed and canceled uploads do not count', duplicates, 'of an upload that is %s is a duplicate: %s'],
    [
      'A file of the same name as an unfinished',
      choices,
      'a card says that an upload under way is another file of the same name',
    ],
    [
      'Dropped and chosen folders follow one rule',
      drops,
      'a chosen folder adds the same files as a dropped one',
    ],
    ['`upload.path` is the path', widget, 'shows the folder beside the name of a file from a folder'],
    [
      'What cannot be opened is rejected',
      drops,
      'a file and a folder that cannot be opened are rejected by name',
    ],
    [
      'While a drop zone is on the page',
      drops,
      'files dropped beside the drop zone do not open in place of the page',
    ],
    [
      '`preventStrayDrops={false}` turns',
      widget,
      'keeps the page when files are dropped beside every target',
    ],
    ['The names of locks and channels', scope, 'names of locks and entries carry a version'],
    ['Two builds with different versions', scope, 'are left alone in the phase %s'],
    [
      "Without `'wasm-unsafe-eval'`",
      unit('worker/hash'),
      'hashes files in plain JavaScript where WebAssembly is forbidden',
    ],
  ],
};

/** The sentences of paragraphs and list entries, and the first cells of tables. */
function sentencesOf(guide) {
  const text = readFileSync(path.join(root, 'storybook/guides', `${guide}.mdx`), 'utf8');
  return text
    .split('## What proves it')[0]
    .replace(/```[\s\S]*?```/g, '')
    .split('\n')
    .filter((line) => line && !/^(#|import |<Meta|\|---|\| \|)/.test(line))
    .flatMap((line) =>
      line.startsWith('|')
        ? [line.split('|')[1].trim()]
        : line.replace(/^- /, '').split(/(?<=[.:!?)*])\s+(?=[A-Z`*"])/),
    );
}

it.each(Object.keys(claims))(
  'each sentence of the guide %s that claims something names its test',
  (guide) => {
    const known = [...noClaims, ...claims[guide].map(([start]) => start)];
    const unproven = sentencesOf(guide).filter((one) => !known.some((start) => one.startsWith(start)));
    expect(unproven).toEqual([]);
  },
);

it.each(Object.keys(claims))('each claim listed for the guide %s is still made there', (guide) => {
  const sentences = sentencesOf(guide);
  const gone = claims[guide].filter(([start]) => !sentences.some((one) => one.startsWith(start)));
  expect(gone.map(([start]) => start)).toEqual([]);
});

it.each(Object.keys(claims))('each test that the guide %s relies on exists', (guide) => {
  const missing = claims[guide].filter(
    ([, file, title]) => !readFileSync(path.join(root, file), 'utf8').includes(title),
  );
  expect(missing.map(([start, file, title]) => `${start}: ${file}: ${title}`)).toEqual([]);
});
