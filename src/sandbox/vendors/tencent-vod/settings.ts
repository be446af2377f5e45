import { requestsPerSecond } from '../../../vendors/tencent-vod.js';

/** Behavior that the VOD documentation leaves open. Names begin with `tencent`: all services share one set of settings. */
export interface TencentSettings {
  /** Lifetime of the temporary certificate. The COS documentation says two hours at most. */
  tencentCertificateSeconds: number;
  /** A second CommitUpload of one session: the same FileId again, or InvalidParameterValue.VodSessionKey. */
  tencentCommitRepeat: 'same' | 'refused';
  /** What "characters" of SourceContext and SessionContext are: Unicode code points, UTF-16 units or bytes of UTF-8. */
  tencentCharacters: 'code-points' | 'utf-16' | 'bytes';
  /** SubAppId as text, as in the ApplyUpload page's example; its type is Integer. */
  tencentSubAppIdText: 'taken' | 'refused';
  /** Whether a call must name its application, as is required of customers since December 25, 2023. */
  tencentSubAppIdRequired: boolean;
  /** Service in the scope of a signature: `vod`, or what the vendor's client derives from the endpoint's name. */
  tencentServiceScope: 'vod' | 'any';
  /** CoverStoragePath: only with a CoverType, or always, as in the page's example. */
  tencentCoverPath: 'asked' | 'always';
  /** Accepted calls of one action per second of the sandbox's clock. */
  tencentRequestsPerSecond: number;
  /** `CoverUrl` of media without a cover: empty, or left out. */
  tencentNoCoverUrl: 'empty' | 'absent';
}

export const defaultTencentSettings: TencentSettings = {
  tencentCertificateSeconds: 7200,
  tencentCommitRepeat: 'same',
  tencentCharacters: 'code-points',
  tencentSubAppIdText: 'taken',
  tencentSubAppIdRequired: false,
  tencentServiceScope: 'vod',
  tencentCoverPath: 'asked',
  tencentRequestsPerSecond: requestsPerSecond,
  tencentNoCoverUrl: 'empty',
};
