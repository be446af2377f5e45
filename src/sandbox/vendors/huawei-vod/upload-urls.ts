import { audioTypes, videoContentTypes } from '../../../vendors/huawei-vod.js';
import type { SandboxSettings } from '../../options.js';
import { coverKey, subtitleKey, type Asset, type Subtitle } from './assets.js';
import type { UrlSigner } from './url-signer.js';

/** Content-Type of the single PUT in the vendor's table (API reference, Example 1). */
export function tableContentType(videoType: string): string {
  if ((audioTypes as readonly string[]).includes(videoType)) return `audio/${videoType.toLowerCase()}`;
  return videoContentTypes[videoType] ?? 'application/octet-stream';
}

/** Content-Type in the text of "Updating a Video", table 5: "in the format of video/video format". */
export function textContentType(videoType: string): string {
  const isVideo =
    tableContentType(videoType).startsWith('video/') || videoType === 'MXF' || videoType === 'F4V';
  return isVideo ? `video/${videoType.toLowerCase()}` : tableContentType(videoType);
}

/** Content-Type of a cover in the page's words: the type in lower case behind `image/`. */
export function coverContentType(coverType: string): string {
  return `image/${coverType.toLowerCase()}`;
}

/** The type that is registered for it, which browsers send. */
export function registeredCoverType(coverType: string): string {
  return coverContentType(coverType === 'JPG' ? 'JPEG' : coverType);
}

/** The URLs of "Creating a Media Asset" and "Updating a Video": one PUT each, with one Content-Type. */
export class UploadUrls {
  readonly #signer: UrlSigner;
  readonly #settings: SandboxSettings;
  readonly #projectId: string;

  constructor(signer: UrlSigner, settings: SandboxSettings, projectId: string) {
    this.#signer = signer;
    this.#settings = settings;
    this.#projectId = projectId;
  }

  video(asset: Asset): string {
    const contentType =
      this.#settings.contentTypeSigned === 'seed'
        ? textContentType(asset.videoType)
        : tableContentType(asset.videoType);
    return this.#put(asset, asset.objectKey, contentType, asset.videoMd5);
  }

  cover(asset: Asset, coverType: string, md5: string | undefined): string {
    return this.#put(
      asset,
      coverKey(this.#projectId, asset.assetId, coverType),
      this.#settings.coverContentTypeSigned === 'jpeg'
        ? registeredCoverType(coverType)
        : coverContentType(coverType),
      md5,
    );
  }

  subtitles(asset: Asset, subtitles: readonly Subtitle[]): string[] {
    return subtitles.map((subtitle) =>
      this.#put(
        asset,
        subtitleKey(this.#projectId, asset.assetId, subtitle),
        'application/octet-stream',
        subtitle.md5,
      ),
    );
  }

  #put(asset: Asset, key: string, contentType: string, md5: string | undefined): string {
    const headers = {
      'content-type': contentType,
      ...(md5 !== undefined && this.#settings.videoMd5Signed ? { 'content-md5': md5 } : {}),
    };
    return this.#signer.url({ method: 'PUT', bucket: asset.bucket, key, subResources: [], headers });
  }
}
