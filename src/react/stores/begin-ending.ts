import type { WidgetContext } from '../context.js';
import type { EndKind } from './pending-ends.js';
import { undoQueueOf } from './undo.js';

/** How long a person has to undo where the styles say nothing; `--vodrop-dur-undo`. */
const defaultUndoMs = 6000;

export interface BegunEnding {
  readonly kind: EndKind;
  readonly ids: readonly string[];
  /** Those that were moving, and are paused for it already. */
  readonly paused: ReadonlySet<string>;
}

/** Begins what can be taken back, and announces it. */
export function beginEnding(
  { kind, ids, paused }: BegunEnding,
  {
    widget: { uploader, announcer, messages, format, kind: filesKind },
    root,
  }: { widget: WidgetContext; root: Element | null },
): void {
  const totalMs = undoMsOf(root);
  const { uploads, unfinished } = uploader.getSnapshot();
  const ending = new Set(ids);
  const names = [...uploads, ...unfinished].flatMap(({ id, fileName }) => (ending.has(id) ? fileName : []));
  const say = kind === 'remove' ? messages.sayRemoved : messages.sayCanceled;
  const what = say({ names, kind: filesKind }, format);
  undoQueueOf(uploader).begin(kind, ids, totalMs, paused);
  announcer.say(messages.sayUndo(what, format.duration(totalMs / 1000)), 'prompt');
}

/** As the styles say. */
function undoMsOf(root: Element | null): number {
  const [, value = '', unit] =
    /^\s*([\d.]+)(ms|s)\s*$/.exec(root ? getComputedStyle(root).getPropertyValue('--vodrop-dur-undo') : '') ??
    [];
  return unit === undefined ? defaultUndoMs : Number(value) * (unit === 's' ? 1000 : 1);
}
