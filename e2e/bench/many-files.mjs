// Ten thousand files at once: until all are added, each button for all, and their upload beside plain XHR.
import { startPageServer, startSink, stubEndpoint } from './sink.mjs';

/** Until all files are in the list, without uploading them. */
export async function addManyCase({ browser, site, isQuick, log }) {
  const counts = isQuick ? [1000, 2000, 10_000] : [5000, 10_000, 50_000];
  const figures = [];
  for (const count of counts) {
    const result = await onPage({ browser, site }, ({ page }) =>
      page.evaluate((files) => window.bench.add(files), count),
    );
    log(
      `${count} files: first row after ${ms(result.firstRowMs)}, all after ${ms(result.allMs)}, longest task ${ms(result.longestMs)}, ${result.rows} rows in the page`,
    );
    figures.push({ count, ...result });
  }
  const [half, whole, fiveTimes] = figures;
  return {
    figures,
    goals: [
      atMost(`${whole.count} files at once: all are added, ms`, whole.allMs, 2000),
      atMost('  first row on screen, ms', whole.firstRowMs, 200),
      atMost('  longest task, ms', whole.longestMs, 50),
      atMost('  twice the files take times as long', whole.allMs / half.allMs, 2.5),
      atMost(
        `  ${fiveTimes.count} files: time for each, of that with ${whole.count}`,
        fiveTimes.allMs / fiveTimes.count / (whole.allMs / whole.count),
        1.25,
      ),
      atMost('    longest task, ms', fiveTimes.longestMs, 50),
    ],
  };
}

/** Each button for all, from the click until the page shows the outcome. */
export async function manyButtonsCase({ browser, site, isQuick, log }) {
  const count = isQuick ? 1000 : 10_000;
  const pressed = {};
  const press = async (page, label, wanted) => {
    const result = await page.evaluate(([text, name]) => window.bench.press(text, name), [label, wanted]);
    log(`${label}: shown after ${ms(result.ms)}, longest task ${ms(result.longestMs)}`);
    pressed[label] = result;
  };
  // The endpoint does not answer the starts: a few uploads are under way, and the others wait.
  await onPage({ browser, site, start: 'silent', hash: '#start' }, async ({ page }) => {
    await page.evaluate((files) => window.bench.add(files), count);
    await press(page, 'Pause all', 'paused');
    await press(page, 'Resume all', 'uploading');
    await press(page, 'Cancel all', 'canceled');
  });
  await onPage({ browser, site, start: 'refused', hash: '#start' }, async ({ page, endpoint }) => {
    await page.evaluate((files) => window.bench.add(files), count);
    await page.evaluate(() => window.bench.until('stopped'));
    endpoint.start = 'silent';
    await press(page, 'Retry failed', 'uploading');
  });
  // One is ready, so that the list can be cleared; the others are canceled, as their upload takes minutes.
  await onPage({ browser, site, start: 'started', hash: '#start' }, async ({ page, endpoint }) => {
    await page.evaluate(() => window.bench.add(1));
    await page.evaluate(() => window.bench.until('ready'));
    endpoint.start = 'silent';
    await page.evaluate((files) => window.bench.add(files, 1), count - 1);
    await page.evaluate(() => window.bench.press('Cancel all', 'ready'));
    await press(page, 'Clear list', 'cleared');
    const tasks = await page.evaluate(() => window.bench.watchTasks('gone'));
    log(`the list is emptied once the time to undo is over: longest task ${ms(tasks.longestMs)}`);
    pressed['  the rows are gone once the time to undo is over'] = tasks;
  });
  return {
    figures: pressed,
    goals: Object.entries(pressed).flatMap(([label, result]) => [
      ...(result.ms === undefined
        ? []
        : [atMost(`${count} files, "${label}": shown after, ms`, result.ms, 100)]),
      atMost(result.ms === undefined ? label : '  longest task, ms', result.longestMs, 50),
    ]),
  };
}

/** Runs with a page of the widget, an endpoint whose answer to a start can be changed, and a store. */
async function onPage({ browser, site, start = 'started', hash = '' }, run) {
  const sink = await startSink();
  const endpoint = { start };
  const stub = stubEndpoint(() => `http://127.0.0.1:${sink.port}`);
  const server = await startPageServer(site, (request, response) => {
    if (!request.url.endsWith('/start') || endpoint.start === 'started') return stub(request, response);
    if (endpoint.start === 'refused') refuse(request, response);
  });
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`http://127.0.0.1:${server.port}/widget.html${hash}`);
    await page.waitForSelector('[data-vodrop="uploader"] input[type=file]', { state: 'attached' });
    await page.waitForLoadState('networkidle');
    return await run({ page, endpoint });
  } finally {
    await context.close();
    await Promise.all([sink.close(), server.close()]);
  }
}

function refuse(request, response) {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { uploads } = JSON.parse(Buffer.concat(chunks).toString());
    const code = 'quota-exceeded';
    const problem = { type: `urn:vodrop:problem:${code}`, title: 'quota exceeded', status: 429, code };
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ results: uploads.map(() => ({ outcome: 'refused', problem })) }));
  });
}

function ms(value) {
  return `${value.toFixed(0)} ms`;
}

function atMost(what, value, most) {
  return { what, value, goal: `at most ${most}`, isMet: value <= most };
}
