import type { MediaUpdate } from '../../../protocol/index.js';
import { descriptionMaxLength, tagMaxLength, tagsMaxCount } from '../../../vendors/tencent-vod.js';
import { EndpointError } from '../../errors.js';
import { definedFields } from '../../kit/fields.js';
import { mediaIdOf, type CallContext, type Session } from '../../provider.js';
import { cleanText } from '../../text.js';
import { cutCharacters, mediaNameOf } from './apply-fields.js';
import { subAppIdOf } from './imports.js';
import type { Setup } from './setup.js';
import type { TencentVodState } from './state.js';

/** "ModifyMediaInfo": new tags exclude clearing the old ones in the same call, so tags take two calls. */
export async function modify(
  { vod }: Setup,
  session: Session<TencentVodState>,
  { title, description, tags }: MediaUpdate,
  context: CallContext,
): Promise<void> {
  if (tags && (tags.length > tagsMaxCount || tags.some((tag) => tag.length > tagMaxLength)))
    throw new EndpointError('invalid-request', {
      detail: `Tags are at most ${tagsMaxCount}, of at most ${tagMaxLength} characters.`,
    });
  const media = { FileId: mediaIdOf(session), SubAppId: subAppIdOf(session) };
  const texts = definedFields({
    Name: title === undefined ? undefined : mediaNameOf(title),
    Description:
      description === undefined ? undefined : cutCharacters(cleanText(description), descriptionMaxLength),
  });
  if (Object.keys(texts).length > 0 || tags)
    await vod.modify({ ...media, ...texts, ClearTags: tags && 1 }, context);
  if (tags && tags.length > 0) await vod.modify({ ...media, AddTags: tags }, context);
}
