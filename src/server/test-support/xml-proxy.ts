import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Spellings of the same XML that stores use. Every client must read all of them identically. */
export const xmlStyles = {
  // MinIO, SeaweedFS and all other stores written in Go use decimal references.
  'decimal references': { text: (text) => text.replaceAll('"', '&#34;') },
  'hexadecimal references': { text: (text) => text.replaceAll('"', '&#x22;') },
  'named references': { text: (text) => text.replaceAll('"', '&quot;') },
  'plain quotes': { text: (text) => text },
  CDATA: { text: (text) => text, isCdata: true },
  'prefixes, indentation and self-closing elements': {
    text: (text) => text.replaceAll('"', '&#34;'),
    isPretty: true,
  },
} satisfies Record<string, XmlStyle>;

interface XmlStyle {
  /** Writes the quotes of a text whose other characters are escaped. */
  readonly text: (escaped: string) => string;
  readonly isCdata?: boolean;
  readonly isPretty?: boolean;
}

/** Starts an HTTP proxy for a store. It forwards all requests and rewrites the store's XML replies in another style. */
export async function startXmlProxy(
  origin: string,
  style: keyof typeof xmlStyles,
): Promise<{ readonly url: string; readonly rewritten: () => number; readonly close: () => Promise<void> }> {
  const target = new URL(origin);
  let rewritten = 0;

  async function answer(reply: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of reply) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const isXml = text.trimStart().startsWith('<');
    const body = isXml ? restyle(text, xmlStyles[style]) : Buffer.concat(chunks);
    if (isXml) rewritten += 1;
    const headers = { ...reply.headers };
    delete headers['transfer-encoding'];
    if (isXml) headers['content-length'] = String(Buffer.byteLength(body));
    response.writeHead(reply.statusCode ?? 500, headers).end(body);
  }

  const server = createServer((incoming, response) => {
    // The proxy keeps the Host header because the signature covers it.
    const { method, url, headers } = incoming;
    const outgoing = request({ host: target.hostname, port: target.port, method, path: url, headers });
    let isAnswered = false;
    outgoing.on('response', (reply) => {
      isAnswered = true;
      answer(reply, response).catch(() => response.destroy());
    });
    // Swift ends its reply to a HEAD request with an empty chunk; Node's parser reports that as an error after the reply.
    outgoing.on('error', () => {
      if (!isAnswered) response.destroy();
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rewritten: () => rewritten,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Rewrites the text between tags; attributes and names stay the same except for the prefix. */
function restyle(document: string, { text, isCdata = false, isPretty = false }: XmlStyle): string {
  const styled = document.replace(
    /(<[^>]*>)([^<]*)/g,
    (_, tag: string, escaped: string) => tag + (escaped.trim() === '' ? escaped : write(escaped)),
  );
  return isPretty ? pretty(styled) : styled;

  function write(escaped: string): string {
    const bare = escaped.replace(/&(?:quot|#34|#x22);/g, '"');
    if (!isCdata) return text(bare);
    const plain = bare
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&#39;', "'")
      .replaceAll('&amp;', '&');
    return `<![CDATA[${plain}]]>`;
  }
}

function pretty(document: string): string {
  return document
    .replace(/ xmlns=/g, ' xmlns:s3=')
    .replace(/<(\/?)([A-Z]\w*)/g, '<$1s3:$2')
    .replace(/<(s3:\w+)><\/\1>/g, '<$1/>')
    .replace(/>\s*<(?!\/)/g, '>\n  <')
    .trim();
}
