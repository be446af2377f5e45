import * as v from 'valibot';

/**
 * Shapes of the VOD API ("CreateUploadVideo" and its kin) and of the OSS calls behind it ("ListParts",
 * "CompleteMultipartUpload"). Only what is used is asked for; `null`, absent and empty are the same to this API, and
 * numbers come as text in its older answers. What describes a video is in `details.ts`.
 */
export const optionalText = v.nullish(v.string());
export const optionalNumber = v.nullish(
  v.union([
    v.number(),
    v.pipe(
      v.string(),
      v.transform((text) => (text.trim() === '' ? undefined : Number(text))),
      v.optional(v.pipe(v.number(), v.finite())),
    ),
  ]),
);
const someText = v.pipe(v.string(), v.minLength(1));

const payload = { UploadAddress: someText, UploadAuth: someText };
export const createdVideoSchema = v.object({ VideoId: someText, ...payload });
export const createdImageSchema = v.object({ ImageId: someText, ImageURL: someText, ...payload });
export const createdAttachedSchema = v.object({ MediaId: someText, MediaURL: optionalText, ...payload });
export const emptySchema = v.object({});

export const addressSchema = v.object({ Endpoint: someText, Bucket: someText, FileName: someText });
export const authSchema = v.object({
  AccessKeyId: someText,
  AccessKeySecret: someText,
  SecurityToken: someText,
  /** Absolute, and to be trusted over `Expiration`, which is a number of seconds. */
  ExpireUTCTime: optionalText,
  Expiration: optionalNumber,
  Region: optionalText,
});

export const pulledSchema = v.object({
  UploadJobs: v.nullish(v.array(v.looseObject({ JobId: someText, SourceURL: optionalText })), []),
});
export type UrlJob = NonNullable<v.InferOutput<typeof pulledSchema>['UploadJobs']>[number];

export const urlUploadSchema = v.looseObject({
  JobId: v.optional(v.string()),
  Status: v.string(),
  MediaId: optionalText,
  FileSize: optionalNumber,
  CreationTime: optionalText,
  ErrorCode: optionalText,
  UserData: optionalText,
});
export type UrlUpload = v.InferOutput<typeof urlUploadSchema>;
/** `NonExists` is a list, in one sample a text: nothing of it is used. */
export const urlUploadsSchema = v.object({ URLUploadInfoList: v.nullish(v.array(urlUploadSchema), []) });
export const canceledJobsSchema = v.object({ CanceledJobs: v.nullish(v.array(v.string()), []) });

export const videoListSchema = v.object({
  VideoList: v.nullish(
    v.object({
      Video: v.nullish(
        v.array(v.looseObject({ VideoId: v.string(), Status: v.string(), CreationTime: v.string() })),
        [],
      ),
    }),
  ),
});

export const mezzanineSchema = v.object({
  Mezzanine: v.nullish(v.looseObject({ Size: optionalNumber })),
});

/** VOD's own error body, and the gateway's. */
export const errorSchema = v.object({ Code: optionalText, Message: optionalText, RequestId: optionalText });
