import { fileMaxBytes, largeFileMaxBytes, largeFileMaxParts } from '../../../vendors/huawei-metastudio.js';
import { checkSentParts } from '../../compare-parts.js';
import { hasProblem } from '../../kit/refusal.js';
import { detailsOneByOne } from '../../kit/session.js';
import { mediaIdOf, type Provider } from '../../provider.js';
import { confirmUpload } from './confirm.js';
import { toMediaDetails } from './details.js';
import { extensions } from './file-type.js';
import { assetOptionsSchema, checkOptions, type HuaweiMetastudioOptions } from './options.js';
import { setUp } from './setup.js';
import { minPartSizeBytes, restart, signParts, start } from './start.js';
import { stateOf, type HuaweiMetastudioState } from './state.js';
import { discardUnfinished, listUnfinished } from './unfinished.js';

export type { HuaweiMetastudioOptions, MetastudioAssetOptions } from './options.js';
export type { HuaweiMetastudioState } from './state.js';

/** URLs about to expire are not handed out: the browser needs time to begin. */
const minLifetimeMs = 30_000;

/**
 * Huawei Cloud MetaStudio: a digital asset, then its main file. One PUT up to 5 GiB, which needs the MD5 of the whole
 * file first; above it the listed part URLs. Throws `TypeError` for settings that cannot work.
 *
 * @example
 * huaweiMetastudio({ projectId, region: 'cn-north-4', credentials: { accessKey, secretKey }, autoMetaAnalysis: true });
 */
export function huaweiMetastudio(options: HuaweiMetastudioOptions): Provider<HuaweiMetastudioState> {
  checkOptions(options);
  const setup = setUp(options);
  const { id, client, now, singlePutMaxBytes } = setup;

  return {
    id,
    capabilities: {
      checksum: 'whole-file',
      singlePutMaxBytes,
      parts: { minSizeBytes: minPartSizeBytes, maxSizeBytes: fileMaxBytes, maxCount: largeFileMaxParts },
      signing: 'ahead',
      maxFileSizeBytes: largeFileMaxBytes,
      extensions: [...extensions],
      canReplace: false,
    },
    options: assetOptionsSchema,
    start: (upload, context) => start(setup, upload, context),
    sign: (session, parts) =>
      new Promise((resolve) => {
        const state = stateOf(session);
        if (state.expiresAt - now() > minLifetimeMs)
          resolve({ outcome: 'signed', requests: signParts(setup, state, parts) });
        else resolve({ outcome: 'expired', restart: (context) => restart(setup, session, context) });
      }),
    /** The service does not list parts; only the browser knows what was sent. */
    list: () => Promise.resolve(undefined),
    complete(session, parts) {
      checkSentParts(parts, session.sizeBytes);
      return Promise.resolve({ outcome: 'completed', sizeBytes: session.sizeBytes });
    },
    /** Confirming as failed or canceled discards what there is. */
    abort: () => Promise.resolve(),
    confirm: (session, end, context) => confirmUpload(setup, session, end, context),
    listUnfinished: (before, context) => listUnfinished(client, before, context),
    discardUnfinished: (upload, context) => discardUnfinished(client, upload, context),
    async probe(context) {
      await client.showAsset('0'.repeat(32), context).catch((error: unknown) => {
        if (!hasProblem(error, 'media-not-found')) throw error;
      });
    },
    details: (sessions, context) =>
      detailsOneByOne(
        sessions,
        (session) => `${session.mediaId} ${stateOf(session).fileId}`,
        async (session) => {
          const asset = await client.showAsset(mediaIdOf(session), context);
          return toMediaDetails(asset, stateOf(session).fileId, id);
        },
      ),
  };
}
