// Runs the vendors' uploaders for pages in Chromium against a sandbox.
import { createHash } from 'node:crypto';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from '@playwright/test';
import { browserClients, scripts } from './browser-clients.mjs';
import { startWeb } from './web.mjs';

const modules = path.join(path.dirname(fileURLToPath(import.meta.url)), 'node_modules');
const timeoutMs = 60_000;

/** The sandbox's settings under which pages see what these uploaders need. */
export const browserSettings = {
  settings: { exposeETag: true },
  alibaba: { settings: { ossEndpoint: 'https://oss-cn-shanghai.aliyuncs.com' } },
};

/** Resolves to the failures, empty if there are none; prints what works. */
export async function runBrowserClients({
  sandbox,
  apis,
  directory,
  sizes,
  browser: { executablePath, args },
}) {
  const web = await startWeb({ sandboxPort: sandbox.port, modules, scripts, directory });
  const browser = await chromium.launch({ executablePath, args: [...args, ...web.args] });
  const failures = [];
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(timeoutMs);
    await page.goto(web.url);
    const clients = browserClients({
      credentials: sandbox.credentials,
      sandboxUrl: sandbox.url,
      plainUrl: web.plainUrl,
      ...apis,
    });
    for (const [name, client] of Object.entries(clients))
      failures.push(...(await check({ name, client, page, web, sandbox, sizes })));
  } finally {
    await browser.close();
    web.close();
  }
  return failures;
}

async function check({ name, client, page, web, sandbox, sizes }) {
  const failures = [];
  for (const [label, size] of Object.entries(sizes)) {
    const file = web.addFile(size);
    const key = `clients/${name.replace(/\W+/g, '-')}/${size}.mp4`;
    try {
      const { fetched, isGone } = await upload(page, client, { file, key });
      if (fetched !== undefined && fetched !== digest('sha256', file.bytes))
        throw new Error('the fetched bytes differ from the file');
      const isStored = (await md5s(sandbox)).includes(digest('md5', file.bytes));
      if (isStored === (isGone === true)) throw new Error(isGone ? 'not deleted' : 'the stored bytes differ');
      const what = ['stored', fetched && 'fetched back', isGone && 'listed and deleted'].filter(Boolean);
      console.log(`${name}: ${label} ${what.join(', ')}, equal digests`);
    } catch (error) {
      failures.push(`${name}: ${label}: ${error.message}`);
    }
  }
  if (!client.isDirect) failures.push(...(await checkTampered({ name, client, page, web, sandbox })));
  return failures;
}

async function checkTampered({ name, client, page, web, sandbox }) {
  const file = web.addFile(1024);
  web.tamper(true);
  const isRefused = await upload(page, client, { file, key: 'clients/tampered.mp4' }).then(
    () => false,
    () => true,
  );
  web.tamper(false);
  if (!isRefused || (await md5s(sandbox)).includes(digest('md5', file.bytes)))
    return [`${name}: a tampered request was accepted`];
  console.log(`${name}: tampered request refused`);
  return [];
}

/** Runs in the page; what the uploader writes to the console stays there. */
async function upload(page, { grant, upload: work }, { file, key }) {
  const given = { grant: await grant(), fileName: file.name, key, work: `(${work.toString()})` };
  return page.evaluate(
    async ({ grant, fileName, key, work, timeoutMs }) => {
      const hex = (bytes) =>
        [...new Uint8Array(bytes)].map((one) => one.toString(16).padStart(2, '0')).join('');
      const digestOf = async (bytes) => hex(await crypto.subtle.digest('SHA-256', bytes));
      const file = new File([await (await fetch(fileName)).blob()], 'clip.mp4', { type: 'video/mp4' });
      const late = new Promise((_, reject) => {
        setTimeout(() => reject(new Error('the uploader does not answer')), timeoutMs);
      });
      const run = (0, eval)(work)({ grant, file, key, digestOf });
      const readable = (error) =>
        error instanceof Error ? error : new Error(JSON.stringify(error?.error ?? error));
      return Promise.race([run, late]).catch((error) => {
        throw readable(error);
      });
    },
    { ...given, timeoutMs },
  );
}

async function md5s({ url }) {
  const answer = await fetch(`${url}/__sandbox/objects`);
  return (await answer.json()).map(({ md5Hex }) => md5Hex);
}

function digest(algorithm, bytes) {
  return createHash(algorithm).update(bytes).digest('hex');
}
