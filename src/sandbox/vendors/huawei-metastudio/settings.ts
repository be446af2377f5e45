/** What MetaStudio's pages leave open. */
export interface MetastudioSettings {
  /** Body of a refused authentication: the service's 401 MSS.00000001, as its pages show, or the gateway's 401 APIGW.0301. */
  authErrors: 'service' | 'gateway';
  /** A second confirm of the same state: taken as the first, or refused with 400 MSS.00000003. */
  completeRepeat: '200' | '400';
  /** Content-Type that a large file's part addresses are signed with; `none`: nothing is. */
  partContentType: 'application/octet-stream' | 'none';
  /** What an asset becomes when its main file is there: it depends on the tenant's review policy. */
  stateAfterComplete: 'ACTIVED' | 'UNACTIVED';
  /** Whether an asset whose first main file was given up and deleted takes another. */
  takesSecondMain: boolean;
}

export const defaultMetastudioSettings: MetastudioSettings = {
  authErrors: 'service',
  completeRepeat: '200',
  partContentType: 'application/octet-stream',
  stateAfterComplete: 'ACTIVED',
  takesSecondMain: true,
};
