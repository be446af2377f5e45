import { requestsPerSecond } from '../../../vendors/tencent-vod.js';

/** What the VOD pages leave open. Names begin with `tencent`, since all services share one set of settings. */
export interface TencentSettings {
  /** Life of the temporary certificate. The COS pages say two hours at the most. */
  tencentCertificateSeconds: number;
  /** A second CommitUpload of one session: the same FileId again, or InvalidParameterValue.VodSessionKey. */
  tencentCommitRepeat: 'same' | 'refused';
  /** SubAppId as text, as in the ApplyUpload page's own example, though its type is Integer. */
  tencentSubAppIdText: 'taken' | 'refused';
  /** Whether a call must name its application, as customers since December 25, 2023 have to. */
  tencentSubAppIdRequired: boolean;
  /** Service in the scope of a signature: `vod`, or whatever the vendor's client makes of the endpoint's name. */
  tencentServiceScope: 'vod' | 'any';
  /** CoverStoragePath: only with a CoverType, or always, as in the page's example. */
  tencentCoverPath: 'asked' | 'always';
  /** Calls of one action within a second of the sandbox's clock. */
  tencentRequestsPerSecond: number;
  /** `CoverUrl` of media without a cover: empty, or left out. */
  tencentNoCoverUrl: 'empty' | 'absent';
}

export const defaultTencentSettings: TencentSettings = {
  tencentCertificateSeconds: 7200,
  tencentCommitRepeat: 'same',
  tencentSubAppIdText: 'taken',
  tencentSubAppIdRequired: false,
  tencentServiceScope: 'vod',
  tencentCoverPath: 'asked',
  tencentRequestsPerSecond: requestsPerSecond,
  tencentNoCoverUrl: 'empty',
};
