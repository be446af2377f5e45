// What a browser sees: a page with the vendors' uploaders, and the vendors' own host names on ports 80 and 443.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import path from 'node:path';

/**
 * Serves the page on loopback, and every other host name by forwarding to the sandbox. `tamper(true)` changes the path of
 * each write behind the signature.
 */
export async function startWeb({ sandboxPort, modules, scripts, directory }) {
  const files = new Map();
  let isTampering = false;
  const forward = forwarder(sandboxPort, () => isTampering);
  const plain = await listen(http.createServer(forward));
  const secure = await listen(https.createServer(certificate(directory), forward));
  const page = await listen(
    http.createServer((request, response) => {
      const { pathname } = new URL(request.url, 'http://page');
      if (pathname === '/') return answer(response, 'text/html', pageOf(scripts));
      if (files.has(pathname)) return answer(response, 'application/octet-stream', files.get(pathname));
      const script = scripts.find((one) => pathname === `/${one}`);
      return script
        ? answer(response, 'text/javascript', readFileSync(path.join(modules, script)))
        : answer(response, 'text/plain', '', 404);
    }),
  );
  return {
    url: `http://127.0.0.1:${page.port}/`,
    /** Chromium's own resolver, so that page, SDK and requests keep the vendors' names. */
    args: [
      '--ignore-certificate-errors',
      `--host-resolver-rules=MAP *:443 127.0.0.1:${secure.port},MAP *:80 127.0.0.1:${plain.port}`,
    ],
    plainUrl: `http://127.0.0.1:${plain.port}`,
    addFile(size) {
      const bytes = randomBytes(size);
      const name = `/file-${files.size}`;
      files.set(name, bytes);
      return { name, bytes };
    },
    tamper(isOn) {
      isTampering = isOn;
    },
    close: () => [plain, secure, page].forEach(({ server }) => server.close()),
  };
}

function forwarder(port, isTampering) {
  return (incoming, outgoing) => {
    const { method, headers } = incoming;
    const [name, query] = incoming.url.split('?');
    const isWrite = ['PUT', 'POST'].includes(method) && name.length > 1 && !name.endsWith('.php');
    const target = isTampering() && isWrite ? `${name}.changed${query ? `?${query}` : ''}` : incoming.url;
    const forwarded = http.request({ host: '127.0.0.1', port, path: target, method, headers }, (reply) => {
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.pipe(outgoing);
    });
    forwarded.on('error', () => outgoing.destroy());
    incoming.pipe(forwarded);
  };
}

function pageOf(scripts) {
  // aliyun-upload-vod takes its store client by the package's name, as a bundler would provide it.
  const alias = `<script>Object.defineProperty(window, 'ali-oss', { get: () => window.OSS });</script>`;
  const tags = scripts.map((one) => `<script src="/${one}"></script>`).join('');
  return `<!doctype html><meta charset="utf-8"><title>Clients</title>${alias}${tags}`;
}

function answer(response, type, body, status = 200) {
  response.writeHead(status, { 'Content-Type': type });
  response.end(body);
}

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: server.address().port };
}

/** Signed by itself; valid for two days. */
function certificate(directory) {
  const [key, cert] = ['key.pem', 'cert.pem'].map((name) => path.join(directory, name));
  const args = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=sandbox'];
  const { status, stderr } = spawnSync('openssl', [...args, '-keyout', key, '-out', cert]);
  if (status !== 0) throw new Error(`openssl cannot make a certificate: ${stderr}`);
  return { key: readFileSync(key), cert: readFileSync(cert) };
}
