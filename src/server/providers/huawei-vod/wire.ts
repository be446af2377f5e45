import * as v from 'valibot';

/**
 * Shapes of the VOD API ("Creating a Media Asset: Uploading a File", "Obtaining Authorization for Multipart Upload"
 * …) and of the OBS calls behind it ("Listing Uploaded Parts", "Assembling Parts"). Only what is used is asked for;
 * `null`, absent and empty are the same to this API. What describes a media asset is in `details.ts`.
 */
export const optionalText = v.nullish(v.string());

const targetSchema = v.object({ bucket: v.string(), location: optionalText, object: v.string() });

/** Covers and subtitles. A URL that was not asked for is absent, `null` or empty. */
const attachmentUrls = {
  cover_upload_url: optionalText,
  subtitle_upload_urls: v.nullish(v.array(v.string())),
};

export const createdSchema = v.object({
  asset_id: v.pipe(v.string(), v.minLength(1)),
  video_upload_url: optionalText,
  target: targetSchema,
  ...attachmentUrls,
});
export type CreatedAsset = v.InferOutput<typeof createdSchema>;

/** Of a call that is answered by its status alone. */
export const nothingSchema = v.object({});

/** "Updating a Video": as creating, but without `target`. */
export const updatedSchema = v.object({
  asset_id: v.string(),
  video_upload_url: optionalText,
  ...attachmentUrls,
});
export type UpdatedAsset = v.InferOutput<typeof updatedSchema>;

const pulledSchema = v.object({
  url: v.string(),
  asset_id: optionalText,
  error_code: optionalText,
});
export type PulledAsset = v.InferOutput<typeof pulledSchema>;
/** "upload_by_url": one entry per item, each of which may have failed. */
export const pulledAssetsSchema = v.object({ upload_assets: v.array(pulledSchema) });

export const authoritySchema = v.object({ sign_str: v.pipe(v.string(), v.minLength(1)) });
export const deletedSchema = v.looseObject({});
export const confirmedSchema = v.object({ asset_id: v.string() });

/** Both the service's and the gateway's error body; the latter adds `request_id`. */
export const errorSchema = v.object({
  error_code: optionalText,
  error_msg: optionalText,
  request_id: optionalText,
});
