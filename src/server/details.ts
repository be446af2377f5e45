import type { DetailsResponse } from '../protocol/index.js';
import { labelsOf, open, refusedResult, type BatchCall } from './batch.js';
import { EndpointError } from './errors.js';
import { importDetails, isPulled } from './imports/end-import.js';
import type { CallContext, Provider, Session } from './provider.js';
import type { ItemLabels } from './report.js';

type DetailsResult = DetailsResponse['results'][number];

/** One call per provider, however many tickets. A ticket that is named several times is asked for once. */
export async function detailsOfAll(
  items: readonly { ticket: string }[],
  call: BatchCall,
): Promise<DetailsResult[]> {
  const began = call.report.begin();
  const tickets = [...new Set(items.map(({ ticket }) => ticket))];
  const results = new Map<number, DetailsResult>();
  const labels = new Map<number, ItemLabels>();
  const asked = new Map<Provider, { index: number; session: Session<unknown> }[]>();
  const openOne = async (ticket: string, index: number) => {
    const opened = await open(ticket, call);
    const { provider, session } = opened;
    labels.set(index, labelsOf(opened));
    asked.set(provider, [...(asked.get(provider) ?? []), { index, session }]);
  };
  await Promise.all(
    tickets.map((ticket, index) =>
      openOne(ticket, index).catch((error: unknown) => results.set(index, refusedResult(error, call))),
    ),
  );
  const askOne = async ([provider, entries]: [Provider, { index: number; session: Session<unknown> }[]]) => {
    // Tickets open in any order; the vendor is asked in the page's order.
    entries.sort((a, b) => a.index - b.index);
    await Promise.all(
      [false, true].map(async (isImport) => {
        const some = entries.filter(({ session }) => isPulled(session) === isImport);
        if (some.length === 0) return;
        const sessions = some.map(({ session }) => session);
        const found = await (isImport ? importsOf : detailsOf)(provider, sessions, call);
        some.forEach(({ index }, i) =>
          results.set(
            index,
            found[i] ?? refusedResult(new Error('A provider left details out.'), call, provider.id),
          ),
        );
      }),
    );
  };
  await Promise.all([...asked].map(askOne));
  return items.map(({ ticket }) => {
    const index = tickets.indexOf(ticket);
    const result = results.get(index) ?? refusedResult(new Error('An item was left out.'), call);
    // The calls are shared by all items of a provider.
    call.report.item(result, labels.get(index) ?? {}, { ...began, vendorCallCount: 0 });
    return result;
  });
}

async function importsOf(
  provider: Provider,
  sessions: readonly Session<unknown>[],
  call: BatchCall,
): Promise<DetailsResult[]> {
  try {
    return await importDetails(provider, sessions, call);
  } catch (error) {
    return sessions.map(() => refusedResult(error, call, provider.id));
  }
}

async function detailsOf(
  provider: Provider,
  sessions: readonly Session<unknown>[],
  call: BatchCall,
): Promise<DetailsResult[]> {
  try {
    const context: CallContext = {
      ...call.context,
      onVendorCall: (record) => call.report.vendorCall(provider.id, record),
    };
    const found = await provider.details(sessions, context);
    return found.map((one) =>
      one instanceof EndpointError
        ? refusedResult(one, call, provider.id)
        : { outcome: 'found', media: call.exposesVendorDetails ? one : { ...one, vendor: undefined } },
    );
  } catch (error) {
    return sessions.map(() => refusedResult(error, call, provider.id));
  }
}
