import * as v from 'valibot';
import { descriptionMaxBytes, titleMaxBytes } from '../../../vendors/huawei-vod.js';
import { utf8Length } from '../../text.js';

const maxTags = 16;
const maxTagBytes = 16;

const textOf = (maxBytes: number) =>
  v.pipe(
    v.string(),
    v.check((text) => utf8Length(text) <= maxBytes, `a text of at most ${maxBytes} bytes`),
  );
const name = v.pipe(v.string(), v.minLength(1), v.maxLength(128));

/**
 * What one asset may be given ("Creating a Media Asset: Uploading a File", request parameters); defaults in the
 * settings, or per upload from the page. An update takes none of them: they stay what they were.
 */
export const uploadOptionsSchema = v.object({
  title: v.optional(textOf(titleMaxBytes)),
  description: v.optional(textOf(descriptionMaxBytes)),
  categoryId: v.optional(v.pipe(v.number(), v.integer(), v.minValue(-1))),
  tags: v.optional(
    v.pipe(v.array(v.pipe(textOf(maxTagBytes), v.minLength(1), v.regex(/^[^,]*$/))), v.maxLength(maxTags)),
  ),
  autoPublish: v.optional(v.boolean()),
  templateGroupName: v.optional(name),
  workflowName: v.optional(name),
  autoEncrypt: v.optional(v.boolean()),
  autoPreheat: v.optional(v.boolean()),
  reviewTemplateId: v.optional(name),
});
export type HuaweiVodUploadOptions = v.InferOutput<typeof uploadOptionsSchema>;
