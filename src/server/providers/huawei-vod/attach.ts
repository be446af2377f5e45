import type { Attachment } from '../../../protocol/index.js';
import { mediaIdOf, type Attached, type CallContext, type Session } from '../../provider.js';
import { attachmentRequests, planAttachments } from './attachments.js';
import type { Setup } from './setup.js';
import type { SubtitleId } from './state.js';

/** "Updating a Video", of an upload as of an import: the state has an id for each subtitle from then on. */
export async function attach<State extends { readonly subtitles?: SubtitleId[] | undefined }>(
  { vod, now, subtitleLanguage }: Setup,
  { session, state }: { readonly session: Session<unknown>; readonly state: State },
  attachments: readonly Attachment[],
  context: CallContext,
): Promise<Attached<State>> {
  const { fields, subtitles } = planAttachments(attachments, state.subtitles ?? [], subtitleLanguage);
  const answer = await vod.update({ asset_id: mediaIdOf(session), ...fields }, context);
  return {
    requests: attachmentRequests(attachments, answer, now()),
    state: { ...state, subtitles: [...subtitles] },
  };
}
