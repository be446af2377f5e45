import type { Capabilities } from '../../protocol/index.js';
import type { EngineContext } from '../context.js';
import type { Adder, FileSource } from '../file-info.js';
import type { MachineState } from '../machine-state.js';
import { jsonObject } from '../json.js';
import { reportHostError } from '../report-error.js';
import { isAccepted } from '../restrictions/restrictions.js';
import type { AddOptions, DuplicateRule, LinkItem, LinkTrial, Rejection } from '../types.js';
import { type ParsedLink, parseLink, shownName } from './parse-link.js';

/** The uploads of this tab, as far as links concern them. */
export interface LinkedUploads {
  readonly all: readonly {
    readonly url: string | undefined;
    readonly info: { readonly id: string; readonly fileName: string };
    readonly state: { readonly status: MachineState['status'] };
  }[];
  append(source: FileSource & { file: File }, options: Pick<AddOptions, 'options'>): string;
}

export interface AddLinksOptions {
  readonly context: EngineContext;
  readonly list: LinkedUploads;
  /** Undefined until they are known. */
  readonly capabilities: Capabilities | undefined;
  readonly addOptions: AddOptions & LinkTrial;
  readonly adder: Adder;
  /** Uploads that count against `maxFiles`. */
  readonly countOpen: () => number;
}

export interface AddedLinks {
  readonly added: string[];
  readonly rejections: Rejection[];
}

/** Each link becomes an upload at the end of the list, or a rejection. In the order of the links. */
export async function addLinks(links: readonly LinkItem[], options: AddLinksOptions): Promise<AddedLinks> {
  const { context, list, addOptions, adder } = options;
  if (addOptions.isTrial) return { added: [], rejections: tryLinks(links, options) };
  const result: AddedLinks = { added: [], rejections: [] };
  for (const link of links) {
    // The host's function may take its time; what is checked after it is checked without a gap to the append.
    const metadata = await metadataOf(link, context);
    const checked = 'code' in metadata ? metadata : check(link, options);
    if ('code' in checked) {
      result.rejections.push(checked);
      continue;
    }
    const { url, host, fileName } = checked;
    const source = { type: 'link', host } as const;
    const file = emptyFile(fileName);
    const from = { file, url, source, adder, metadata: 'code' in metadata ? undefined : metadata.metadata };
    result.added.push(list.append(from, { options: addOptions.options }));
  }
  return result;
}

/** What would be rejected, by the same rules. The host's metadata is not asked for: it may count, or store something. */
function tryLinks(links: readonly LinkItem[], options: AddLinksOptions): Rejection[] {
  const tried: LinkedUploads['all'][number][] = [];
  const { list } = options;
  const countOpen = () => options.countOpen() + tried.length;
  return links.flatMap((link) => {
    const all = [...list.all, ...tried];
    const checked = check(link, { ...options, list: { all }, countOpen });
    if ('code' in checked) return [checked];
    const { url, fileName } = checked;
    tried.push({ url, info: { id: '', fileName }, state: { status: 'queued' } });
    return [];
  });
}

interface Rules extends Omit<AddLinksOptions, 'list'> {
  readonly list: Pick<LinkedUploads, 'all'>;
}

function check(link: LinkItem, options: Rules): ParsedLink | Rejection {
  const { context, list, capabilities, addOptions, countOpen } = options;
  const { restrictions = {}, duplicates = 'allow' } = context.options;
  const schemes = capabilities?.import?.schemes ?? ['https', 'http'];
  const parsed = parseLink(link, schemes);
  if (!parsed) return reject(link, { code: 'link-invalid' });
  const { accept = ['video'], maxFiles = Infinity } = restrictions;
  // A name without an extension says nothing; the endpoint decides about it.
  const name = new URL(parsed.url).pathname;
  if (hasExtension(name) && !isAccepted(name, '', undefined, accept))
    return reject(link, { code: 'file-invalid-type' });
  const twin = twinOf(parsed.url, addOptions.duplicates ?? duplicates, list);
  if (twin) return reject(link, { code: 'duplicate-file', duplicateOf: twin });
  return countOpen() < maxFiles ? parsed : reject(link, { code: 'too-many-files', limit: maxFiles });
}

/** An upload of this list with the same link that has neither failed nor been canceled. */
function twinOf(
  url: string,
  rule: DuplicateRule,
  list: Pick<LinkedUploads, 'all'>,
): Rejection['duplicateOf'] {
  if (rule === 'allow') return undefined;
  const twin = list.all.find(
    ({ url: other, state: { status } }) => other === url && status !== 'failed' && status !== 'canceled',
  );
  return twin && { id: twin.info.id, fileName: twin.info.fileName };
}

function hasExtension(path: string): boolean {
  return /\.[a-z0-9]{1,5}$/i.test(path);
}

interface WithMetadata {
  readonly metadata: Readonly<Record<string, unknown>> | undefined;
}

async function metadataOf(link: LinkItem, { options }: EngineContext): Promise<WithMetadata | Rejection> {
  try {
    const given = typeof link === 'string' ? undefined : link.metadata;
    const metadata = given ?? (await options.metadata?.(emptyFile(shownName(link))));
    return { metadata: jsonObject(metadata) };
  } catch (error) {
    reportHostError(error);
    return reject(link, { code: 'custom', message: error instanceof Error ? error.message : String(error) });
  }
}

function reject(link: LinkItem, why: Omit<Rejection, 'file' | 'link'>): Rejection {
  const url = typeof link === 'string' ? link : link.url;
  return { file: emptyFile(shownName(link)), link: url, ...why };
}

function emptyFile(name: string): File {
  return new File([], name);
}
