import * as v from 'valibot';

/**
 * Shapes of the VOD API ("ApplyUpload", "CommitUpload" …) and of the COS calls behind it ("List Parts", "Complete
 * Multipart Upload"). Only what is used is asked for; a value that does not exist is `null`. What describes a media is
 * in `details.ts`.
 */
export const text = v.pipe(v.string(), v.minLength(1));
export const optionalText = v.nullish(v.string());
export const optionalNumber = v.nullish(v.number());

const certificateSchema = v.object({ SecretId: text, SecretKey: text, Token: text, ExpiredTime: v.number() });

export const appliedSchema = v.object({
  StorageBucket: text,
  StorageRegion: text,
  VodSessionKey: text,
  MediaStoragePath: text,
  CoverStoragePath: optionalText,
  TempCertificate: certificateSchema,
});
export type AppliedUpload = v.InferOutput<typeof appliedSchema>;

/** Nothing of the answer is used. */
export const modifiedSchema = v.object({});

export const committedSchema = v.object({ FileId: text });

export const pulledSchema = v.object({ TaskId: text });

const pullTaskSchema = v.looseObject({
  ErrCode: optionalNumber,
  FileId: optionalText,
  Progress: v.nullish(v.pipe(v.number(), v.minValue(0), v.maxValue(100))),
  MetaData: v.nullish(v.looseObject({ Size: optionalNumber })),
});
export type PullTask = v.InferOutput<typeof pullTaskSchema>;
export const taskSchema = v.looseObject({ Status: text, PullUploadTask: v.nullish(pullTaskSchema) });
export type Task = v.InferOutput<typeof taskSchema>;

/** API 3.0, "Responses": the status is 200 whatever happened, and `Error` tells a refusal. */
export const envelopeSchema = v.object({
  Response: v.looseObject({
    RequestId: optionalText,
    Error: v.optional(v.object({ Code: v.string(), Message: optionalText })),
  }),
});
