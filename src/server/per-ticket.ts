import {
  open,
  runItems,
  subjectOf,
  type BatchCall,
  type ItemCall,
  type Opened,
  type Refused,
} from './batch.js';

interface TicketItem {
  readonly ticket: string;
}

interface Result {
  readonly outcome: string;
  readonly ticket?: string | undefined;
}

export interface PerTicketOptions {
  /**
   * Items about one upload are done one after the other, in the page's order, each with what the one before has renewed.
   * Of items that contradict each other the first wins, as when they come in calls of their own.
   */
  readonly isInOrder?: boolean;
}

/**
 * One result per item, in their order; an item that throws is refused by itself. What is asked for several times, with the
 * same ticket, is done once, and answered to each.
 */
export async function runPerTicket<Item extends TicketItem, ItemResult extends Result>(
  items: readonly Item[],
  call: BatchCall,
  work: (item: Item, opened: Opened, call: ItemCall) => Promise<ItemResult>,
  { isInOrder = false }: PerTicketOptions = {},
): Promise<(ItemResult | Refused)[]> {
  const queues = isInOrder ? await queuesOf(items, call) : undefined;
  const renewed = new Map<string, string>();
  const answers = new Map<string, Promise<ItemResult>>();
  const answer = async (item: Item, itemCall: ItemCall, before: Promise<unknown> | undefined) => {
    if (before) {
      await before;
      call.mayBegin();
    }
    await label(item, itemCall);
    const opened = await open(renewed.get(item.ticket) ?? item.ticket, itemCall);
    const result = await work(item, opened, itemCall);
    if (result.ticket !== undefined) renewed.set(item.ticket, result.ticket);
    return result;
  };
  return runItems(items, call, async (item, itemCall) => {
    // Before anything is awaited: items are begun in their order.
    const key = JSON.stringify(item);
    const asked = answers.get(key);
    if (asked) {
      await label(item, itemCall);
      return asked;
    }
    const result = queues
      ? queues.enter(item, (before) => answer(item, itemCall, before))
      : answer(item, itemCall, undefined);
    answers.set(key, result);
    return result;
  });
}

/** What is known of the upload, for the item's event. */
async function label({ ticket }: TicketItem, call: ItemCall): Promise<void> {
  const opened = await call.openTicket(ticket);
  const { provider, sessionId, mediaId, fileName, sizeBytes } = subjectOf(opened);
  Object.assign(call.labels, { provider, sessionId, mediaId, fileName, sizeBytes });
}

interface Queues<Item> {
  /** Gives the work the end of the one before it about the same upload. */
  enter<T>(item: Item, work: (before: Promise<unknown> | undefined) => Promise<T>): Promise<T>;
}

/** Of one upload there may be several tickets. What cannot be opened waits for nothing. */
async function queuesOf<Item extends TicketItem>(
  items: readonly Item[],
  call: BatchCall,
): Promise<Queues<Item>> {
  const sessions = new Map<Item, string>();
  await Promise.all(
    items.map(async (item) => {
      const opened = await call.openTicket(item.ticket).catch(() => undefined);
      if (opened) sessions.set(item, opened.session.id);
    }),
  );
  const ends = new Map<string, Promise<unknown>>();
  return {
    enter(item, work) {
      const session = sessions.get(item);
      const result = work(session === undefined ? undefined : ends.get(session));
      if (session !== undefined)
        ends.set(
          session,
          result.catch(() => undefined),
        );
      return result;
    },
  };
}
