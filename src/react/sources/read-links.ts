import type { Rejection, RejectionCode, Uploader } from '../../engine/index.js';

export type LinkProblem =
  'no-link' | 'password' | 'not-https' | 'web-page' | 'not-video' | 'too-long' | 'duplicate' | 'too-many';

/** One line of the dialog. */
export interface ReadLink {
  readonly text: string;
  readonly problem: LinkProblem | undefined;
  /** `MP4`; undefined where the address does not say it. */
  readonly type: string | undefined;
}

const pages = new Set(['html', 'htm', 'xhtml', 'php', 'asp', 'aspx', 'jsp']);
const others = new Set([
  'pdf',
  'zip',
  'jpg',
  'jpeg',
  'png',
  'gif',
  'webp',
  'svg',
  'txt',
  'doc',
  'docx',
  'exe',
  'js',
  'css',
]);
/** Sites whose addresses are pages with a player. */
const players =
  /(^|\.)(youtube\.com|youtu\.be|vimeo\.com|dailymotion\.com|bilibili\.com|tiktok\.com|twitch\.tv|youku\.com|facebook\.com|instagram\.com)$/;

/**
 * What was pasted, at spaces and lines, without those that are there already. Of a text with links in it, the links, and
 * what else may be meant as one.
 */
export function splitLinks(text: string, present: readonly string[] = []): readonly string[] {
  const words = wordsOf(text);
  const parts = words.some(hasScheme)
    ? words.filter((word) => hasScheme(word) || hasHost(word)).map(linkIn)
    : words;
  return [...new Set(parts)].filter((part) => !present.includes(part));
}

/** True if all of it is addresses: then it is worth opening the dialog. */
export function looksLikeLinks(text: string): boolean {
  const words = wordsOf(text);
  return words.length > 0 && words.every((word) => /^https?:\/\/./i.test(word) && URL.canParse(word));
}

/** Lists may have no space behind their commas, and Chinese and Japanese have none between words: marks end a link. */
const wordsOf = (text: string) =>
  text.split(/\s+|[,;](?=https?:\/\/)|[，。；、！？｜“”「」『』《》（）【】]/i).filter(Boolean);

const hasScheme = (word: string) => word.includes('://');

/** `www.a.example/`, and not `e.g./`: no top-level domain has a single letter. */
const hasHost = (word: string) => /^[^/]*[\p{L}\d]\.\p{L}{2}[\p{L}\d-]*(:\d+)?\//u.test(word);

/** Without what texts put around it: `<https://…>,` and `[film](https://…)`. */
function linkIn(word: string): string {
  const [link = word] = /[a-z][a-z\d+.-]*:\/\/[^<>"]+/i.exec(word) ?? [];
  // Brackets may belong to an address: `film_(final)`.
  let unopened = link.split(')').length - link.split('(').length;
  let end = link.length;
  while (/[.,;:!?'’»\])]/.test(link.charAt(end - 1))) {
    if (link.charAt(end - 1) === ')') {
      if (unopened <= 0) break;
      unopened -= 1;
    }
    end -= 1;
  }
  return link.slice(0, end);
}

/** What can be told from the address alone; whether the cloud can fetch it, only the cloud can tell. */
export function readLink(text: string, schemes: readonly string[]): ReadLink {
  const none = { text, type: undefined };
  const url = parse(text);
  if (!url || !/^https?:$/.test(url.protocol)) return { ...none, problem: 'no-link' };
  if (url.username || url.password) return { ...none, problem: 'password' };
  if (!schemes.includes(url.protocol.slice(0, -1))) return { ...none, problem: 'not-https' };
  const extension = /\.([a-z0-9]{1,5})$/i.exec(url.pathname)?.[1]?.toLowerCase();
  if (isPage(url, extension)) return { ...none, problem: 'web-page' };
  if (extension !== undefined && others.has(extension)) return { ...none, problem: 'not-video' };
  return { text, problem: undefined, type: extension?.toUpperCase() };
}

function isPage({ hostname, pathname, searchParams }: URL, extension: string | undefined): boolean {
  if (extension !== undefined && pages.has(extension)) return true;
  if (extension !== undefined) return false;
  return (
    players.test(hostname) || pathname === '/' || (/\/watch\/?$/.test(pathname) && searchParams.has('v'))
  );
}

function parse(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

const problems: Partial<Record<RejectionCode, LinkProblem>> = {
  // What else is wrong with a link is told by `readLink`.
  'link-invalid': 'too-long',
  'file-invalid-type': 'not-video',
  'duplicate-file': 'duplicate',
  'too-many-files': 'too-many',
};

/** What the uploader would reject of the links that seem good: with its own rules, so that nothing is rejected afterwards. */
export async function tryLinks(
  uploader: Pick<Uploader, 'addLinks'>,
  links: readonly ReadLink[],
): Promise<readonly ReadLink[]> {
  const good = links.filter(({ problem }) => !problem).map(({ text }) => text);
  const { rejections } = await uploader.addLinks(good, { isTrial: true });
  const found = new Map(rejections.map(({ link, code }: Rejection) => [link, problems[code]]));
  return links.map((link) => (link.problem ? link : { ...link, problem: found.get(link.text) }));
}
