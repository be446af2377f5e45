import * as v from 'valibot';

/**
 * Shapes of MetaStudio's answers. Only what is used is asked for; `null`, absent and empty are the same to this API.
 * What describes an asset is in `details.ts`.
 */
export const optionalText = v.nullish(v.string());
const id = v.pipe(v.string(), v.minLength(1));

export const assetCreatedSchema = v.object({ asset_id: id });
export const fileCreatedSchema = v.object({ file_id: id, upload_url: v.pipe(v.string(), v.url()) });
export const largeFileCreatedSchema = v.object({
  file_id: id,
  upload_urls: v.array(v.pipe(v.string(), v.url())),
});

/** The service's error body, and the gateway's, which adds `request_id`. */
export const errorSchema = v.object({
  error_code: optionalText,
  error_msg: optionalText,
  request_id: optionalText,
});
