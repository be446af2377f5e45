import { randomUUID } from 'node:crypto';
import {
  attachResponseSchema,
  describeResponseSchema,
  detailsResponseSchema,
  finishResponseSchema,
  listResponseSchema,
  signResponseSchema,
  updateResponseSchema,
} from '../../protocol/index.js';
import { post, type EndpointUnderTest } from '../endpoint.js';
import { withoutBytes } from '../upload.js';
import type { Case } from './calls.js';
import { callOne, demand, expectOutcome, expectRefused, expectResults } from './expect.js';
import { begin, cancel, parts, startAddedBy, type Upload, type UploadWorld } from './uploads.js';

/** What holds for the tickets of one provider's uploads. */
export const ticketCases: readonly Case<UploadWorld>[] = [
  [
    'refuses an altered ticket beside a good one',
    async (world) => {
      const upload = await begin(world, 'any');
      const { ticket } = upload;
      const body = { items: [{ ticket: altered(ticket) }, { ticket }] };
      const [bad, good] = expectResults(await post(world.endpoint, 'list', body), listResponseSchema, 2);
      await cancel(world, upload);
      demand(
        bad?.outcome === 'refused' && bad.problem.code === 'ticket-invalid',
        'The altered one is not refused as ticket-invalid.',
      );
      demand(good?.outcome !== 'refused', 'The good one is refused, too.');
    },
  ],
  [
    'refuses an altered ticket with ticket-invalid, for each operation',
    async (world) => {
      const upload = await begin(world, 'any');
      const ticket = altered(upload.ticket);
      for (const call of laterCalls(upload))
        expectRefused(await callItem(world.endpoint, call, ticket), 'ticket-invalid');
      await cancel(world, upload);
    },
  ],
  [
    'refuses the ticket of another caller with ticket-foreign, for each operation',
    async (world) => {
      const upload = await begin(world, 'any');
      const other = { ...world.endpoint, headers: world.otherHeaders ?? {} };
      for (const call of laterCalls(upload))
        expectRefused(await callItem(other, call, upload.ticket), 'ticket-foreign');
      await cancel(world, upload);
    },
    ({ otherHeaders }) => otherHeaders === undefined && 'no second session was given with --other-header',
  ],
  [
    'refuses to start a file that another caller has added, where it names callers',
    async (world) => {
      const other = { ...world, endpoint: { ...world.endpoint, headers: world.otherHeaders ?? {} } };
      const addedBy = await nameOf(world);
      if (addedBy === undefined) return;
      demand(addedBy !== (await nameOf(other)), 'Two callers have one name.');
      expectRefused(await startAddedBy(other, addedBy), 'ticket-foreign');
      const { session, caller } = expectOutcome(await startAddedBy(world, addedBy), 'started');
      demand(caller === addedBy, '`start` and `describe` name one caller in two ways.');
      const item = { ticket: session.ticket, status: 'canceled' };
      const call = { operation: 'finish', body: { items: [item] }, schema: finishResponseSchema };
      expectOutcome(await callOne(world.endpoint, call), 'discarded');
    },
    ({ otherHeaders }) => otherHeaders === undefined && 'no second session was given with --other-header',
  ],
];

async function nameOf({ endpoint, provider }: UploadWorld): Promise<string | undefined> {
  const call = { operation: 'describe', body: { providers: [provider] }, schema: describeResponseSchema };
  return expectOutcome(await callOne(endpoint, call), 'described').caller;
}

function altered(ticket: string): string {
  const middle = Math.floor(ticket.length / 2);
  return `${ticket.slice(0, middle)}${ticket[middle] === 'A' ? 'B' : 'A'}${ticket.slice(middle + 1)}`;
}

/** One call of each operation that needs a ticket. What would end the upload comes last. */
function laterCalls(upload: Upload) {
  const sent = parts(upload).map(withoutBytes);
  const cover = {
    attachmentId: randomUUID(),
    kind: 'cover',
    fileName: 'cover.png',
    contentType: 'image/png',
    sizeBytes: 9,
  };
  return [
    { operation: 'list', schema: listResponseSchema, item: {} },
    { operation: 'details', schema: detailsResponseSchema, item: {} },
    { operation: 'sign', schema: signResponseSchema, item: { parts: sent.slice(0, 1) } },
    { operation: 'attach', schema: attachResponseSchema, item: { attachments: [cover] } },
    { operation: 'update', schema: updateResponseSchema, item: { update: { title: 'vodrop test' } } },
    { operation: 'finish', schema: finishResponseSchema, item: { status: 'uploaded', parts: sent } },
    { operation: 'finish', schema: finishResponseSchema, item: { status: 'canceled' } },
  ] as const;
}

function callItem(
  endpoint: EndpointUnderTest,
  { operation, schema, item }: ReturnType<typeof laterCalls>[number],
  ticket: string,
) {
  return callOne<typeof schema>(endpoint, { operation, schema, body: { items: [{ ...item, ticket }] } });
}
