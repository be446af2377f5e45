// A site that renders HTML, as Laravel, Rails or Django do: a session cookie, a CSRF token in every form and in a
// `meta` tag, and the widget by a script tag. The form carries what the person saves; the cloud tells what was stored.
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { createTokenEndpoint, huaweiVod, toNodeListener } from 'vodrop/server';

const { HUAWEI_PROJECT_ID, HUAWEI_ENDPOINT, HUAWEI_AK, HUAWEI_SK, TICKET_SECRET, PORT } = process.env;
const sessions = new Map(); // of the application: the id in the cookie, and who it is
const videos = new Map(); // of the application: the media id, and whose it is

const sessionOf = (cookie) => sessions.get(/(?:^|; )session=(\w+)/.exec(cookie ?? '')?.[1]);

const uploads = toNodeListener(
  createTokenEndpoint({
    providers: [
      huaweiVod({
        projectId: HUAWEI_PROJECT_ID,
        endpoint: HUAWEI_ENDPOINT,
        credentials: { accessKey: HUAWEI_AK, secretKey: HUAWEI_SK },
      }),
    ],
    authorize: ({ headers }) => {
      const session = sessionOf(headers.get('cookie'));
      return session && headers.get('x-csrf-token') === session.csrf ? { id: session.userId } : null;
    },
    onConfirmed: ({ caller, mediaId }) => void videos.set(mediaId, caller.id),
    secret: TICKET_SECRET,
  }),
);

const page = ({ csrf }) => `<!doctype html>
<html lang="en">
  <head>
    <title>Lesson</title>
    <meta name="csrf-token" content="${csrf}">
    <link rel="icon" href="data:,">
    <script type="module" src="/vodrop/vodrop.js"></script>
  </head>
  <body>
    <form action="/lessons" method="post">
      <input type="hidden" name="_token" value="${csrf}">
      <label>Title <input name="title" value="Harbor"></label>
      <vodrop-uploader endpoint="/api/uploads" provider="huawei-vod"
        name="video" required max-files="1" count-ready></vodrop-uploader>
      <button>Save</button>
    </form>
    <script>
      const token = document.querySelector('meta[name="csrf-token"]').content;
      document.querySelector('vodrop-uploader').headers = { 'x-csrf-token': token };
    </script>
  </body>
</html>`;

async function save(request, response, session) {
  let body = '';
  for await (const chunk of request) body += chunk;
  const form = new URLSearchParams(body);
  if (form.get('_token') !== session?.csrf) return response.writeHead(419).end('The page has expired.');
  // A form may name any media id: only what the endpoint has confirmed for this person counts.
  if (videos.get(form.get('video')) !== session.userId) return response.writeHead(422).end('No such video.');
  response.end(`Ready: ${form.get('title')}, ${form.get('video')}`);
}

async function sendFile(response, name) {
  const file = path.join('node_modules/vodrop/dist/cdn', path.normalize(name));
  const content = await readFile(file).catch(() => undefined);
  if (!content) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': 'text/javascript' }).end(content);
}

const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://site');
  const session = sessionOf(request.headers.cookie);
  if (pathname.startsWith('/api/uploads/')) return uploads(request, response);
  if (pathname.startsWith('/vodrop/')) return sendFile(response, pathname.slice('/vodrop/'.length));
  if (pathname === '/lessons' && request.method === 'POST') return save(request, response, session);
  const id = randomBytes(16).toString('hex');
  const current = session ?? { userId: 'ann', csrf: randomBytes(16).toString('hex') };
  if (!session) {
    sessions.set(id, current);
    response.setHeader('set-cookie', `session=${id}; HttpOnly; SameSite=Lax; Path=/`);
  }
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page(current));
});
server.listen(Number(PORT), () => console.log(`http://localhost:${server.address().port}/`));
