import { endpoint } from '../../../../../uploads.mjs';

export const dynamic = 'force-dynamic';

const handle = (request) => endpoint(request);
// All of them, so that the endpoint answers what is not POST, and preflights.
export { handle as DELETE, handle as GET, handle as OPTIONS, handle as PATCH, handle as POST, handle as PUT };
