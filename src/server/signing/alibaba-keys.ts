/** A key pair of Alibaba Cloud: of an account or RAM user, or a temporary one of STS with its token. */
export interface AlibabaKeys {
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Of temporary keys (`STS.…`) only. */
  readonly securityToken?: string;
}
