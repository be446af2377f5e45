import { randomBytes } from 'node:crypto';
import type { Pull } from '../../pulls/pulls.js';
import type { AssetStatus } from '../../../vendors/huawei-vod.js';

export interface Subtitle {
  id: number;
  type: string;
  language: string;
  name?: string;
  md5?: string;
  description?: string;
}

/** Upload state of an asset. States after a confirm follow from the clock. */
export type AssetPhase =
  | { kind: 'uploading' }
  | { kind: 'confirmed'; at: number; timeline: readonly TimelineStep[] }
  | { kind: 'failed' }
  | { kind: 'cancelled' }
  | { kind: 'deleted' };

/** `status` applies from `afterMs` after the confirm. */
export interface TimelineStep {
  afterMs: number;
  status: AssetStatus;
}

export interface Asset {
  assetId: string;
  phase: AssetPhase;
  title: string;
  description: string;
  videoName: string;
  videoType: string;
  videoMd5?: string;
  categoryId: number;
  tags: string;
  isAutoPublished: boolean;
  /** Whether the create request asked for transcoding. */
  wantsTranscoding: boolean;
  createdAt: number;
  modifiedAt: number;
  bucket: string;
  objectKey: string;
  coverType?: string;
  subtitles: Subtitle[];
  /** Set when VOD pulls the video from a link. */
  pull?: Pull;
}

/** The assets of the project. */
export class AssetList {
  readonly #assets = new Map<string, Asset>();

  add(asset: Omit<Asset, 'assetId' | 'objectKey' | 'phase'>, projectId: string): Asset {
    const assetId = randomId();
    const added: Asset = {
      ...asset,
      assetId,
      objectKey: videoKey(projectId, assetId, asset.videoType),
      phase: { kind: 'uploading' },
    };
    this.#assets.set(assetId, added);
    return added;
  }

  /** Includes deleted assets, which the vendor still knows; callers check. */
  find(assetId: string): Asset | undefined {
    return this.#assets.get(assetId);
  }

  all(): Asset[] {
    return [...this.#assets.values()];
  }

  clear(): void {
    this.#assets.clear();
  }
}

/** Example key of "Creating a Media Asset": `{project_id}/{asset_id}/{32 hex}.mp4`. */
export function videoKey(projectId: string, assetId: string, videoType: string): string {
  const extension = videoType === 'HLS' ? 'm3u8' : videoType.toLowerCase();
  return `${projectId}/${assetId}/${randomId()}.${extension}`;
}

export function coverKey(projectId: string, assetId: string, coverType: string): string {
  return `${projectId}/${assetId}/cover/Cover0.${coverType.toLowerCase()}`;
}

export function subtitleKey(
  projectId: string,
  assetId: string,
  subtitle: Pick<Subtitle, 'id' | 'type'>,
): string {
  return `${projectId}/${assetId}/subtitle/${subtitle.id}.${subtitle.type.toLowerCase()}`;
}

/** 32 hex digits, as in every example. */
function randomId(): string {
  return randomBytes(16).toString('hex');
}
