import * as v from 'valibot';

/** Shapes of MetaStudio's answers. Only what is used is asked for; `null`, absent and empty are the same to this API. */
const text = v.nullish(v.string());
const number = v.nullish(v.number());
const id = v.pipe(v.string(), v.minLength(1));

export const assetCreatedSchema = v.object({ asset_id: id });
export const fileCreatedSchema = v.object({ file_id: id, upload_url: v.pipe(v.string(), v.url()) });
export const largeFileCreatedSchema = v.object({
  file_id: id,
  upload_urls: v.array(v.pipe(v.string(), v.url())),
});

const fileSchema = v.looseObject({
  file_id: v.string(),
  file_size: number,
  file_type: text,
  asset_file_category: text,
  download_url: text,
  state: text,
  reason: text,
  file_extra_meta: v.nullish(v.looseObject({ video_transcoding_status: text })),
});
export type AssetFile = v.InferOutput<typeof fileSchema>;

const measures = v.nullish(v.looseObject({ width: number, height: number, duration: number }));
export const assetSchema = v.looseObject({
  asset_id: v.string(),
  asset_state: v.string(),
  create_time: text,
  fail_type: text,
  reason: text,
  files: v.nullish(v.array(fileSchema)),
  asset_extra_meta: v.nullish(v.looseObject({ video_meta: measures, audio_meta: measures })),
});
export type Asset = v.InferOutput<typeof assetSchema>;

export const assetListSchema = v.object({ assets: v.nullish(v.array(assetSchema), []) });

/** The service's error body, and the gateway's, which adds `request_id`. */
export const errorSchema = v.object({ error_code: text, error_msg: text, request_id: text });
