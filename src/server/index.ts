/** The token endpoint: what runs beside the host application and holds the cloud keys. */
export { createTokenEndpoint, type TokenEndpoint } from './handler.js';
export type { TokenEndpointOptions } from './options.js';
export type { ErrorContext } from './report.js';
export type {
  Authenticate,
  AuthenticateCall,
  Authorize,
  AuthorizeCall,
  Caller,
  Decision,
  Refusal,
  UploadSubject,
} from './authorize.js';
export type { ConfirmedUpload } from './batch.js';
export type { ImportCall, ImportRules } from './imports/rules.js';
export type { Counter, CounterOptions, CreateCounter, CallerLimits, Limits, LimitsCall } from './limits.js';
export type { EndpointEvent, ItemEvent, RequestEvent, VendorCallEvent, VendorCallRecord } from './observe.js';
export { EndpointError, type EndpointErrorOptions } from './errors.js';
export { memoryStore, type EndpointStore, type MemoryStoreOptions } from './memory.js';
export {
  toNodeListener,
  type HostCall,
  type NodeListenerOptions,
  type NodeRequest,
  type NodeResponse,
} from './node.js';
export type {
  Attached,
  CallContext,
  Completed,
  Confirmed,
  ImportLink,
  Imports,
  ImportStarted,
  ImportStatus,
  Provider,
  Session,
  SessionLink,
  Signed,
  Started,
  StartUpload,
  UnfinishedUpload,
  UnfinishedUploads,
} from './provider.js';
export { createLifecycle, type Lifecycle, type LifecycleOptions } from './lifecycle.js';
export {
  alibabaEvents,
  createVendorEvents,
  huaweiEvents,
  s3Events,
  tencentEvents,
  type AlibabaEventsOptions,
  type EventSource,
  type HuaweiEventsOptions,
  type MediaEvent,
  type MediaEventKind,
  type RefusedMessage,
  type S3EventsOptions,
  type TencentEventsOptions,
  type VendorEventsOptions,
} from './events/index.js';
export type { Limit } from './limit.js';
export { openTelemetry, type OpenTelemetryApi } from './open-telemetry.js';
export { sweep, type SweepOptions, type SweepReport, type SweptUpload } from './sweep.js';
export type { RetryPolicy, RetryTools } from './retry.js';
export type { Secret } from './secret.js';
export {
  alibabaVod,
  type AlibabaUploadOptions,
  type AlibabaVodOptions,
  type AlibabaVodState,
} from './providers/alibaba-vod/index.js';
export type { AlibabaKeys } from './signing/alibaba-keys.js';
export {
  huaweiVod,
  type ContentTypeRule,
  type HuaweiVodOptions,
  type HuaweiVodState,
  type HuaweiVodUploadOptions,
} from './providers/huawei-vod/index.js';
export {
  huaweiMetastudio,
  type HuaweiMetastudioOptions,
  type HuaweiMetastudioState,
  type MetastudioAssetOptions,
} from './providers/huawei-metastudio/index.js';
export type { HuaweiCredentials, TokenCredentials } from './signing/huawei-credentials.js';
export { iamToken, type IamTokenOptions } from './signing/iam-token.js';
export {
  s3,
  s3Stores,
  type S3Credentials,
  type S3Keys,
  type S3Options,
  type S3Preset,
  type S3State,
  type UploadedObject,
} from './providers/s3/index.js';
export { assumeRole, type AssumedKeys, type AssumeRoleOptions } from './signing/assume-role.js';
export type { SigV4Keys } from './signing/sigv4.js';
export type { SigningKeys } from './signing/sdk-hmac-sha256.js';
export {
  tencentVod,
  type TencentUploadOptions,
  type TencentVodOptions,
  type TencentVodState,
} from './providers/tencent-vod/index.js';
export type { TencentCredentials } from './signing/tc3-hmac-sha256.js';
/** What a provider of one's own receives and answers. */
export type {
  Attachment,
  Capabilities,
  ImportItem,
  MediaDetails,
  Operation,
  PartToSign,
  Problem,
  ProblemCode,
  SentPart,
  SignedAttachment,
  SignedRequest,
  StartItem,
  StoredPart,
  Transfer,
} from '../protocol/index.js';
