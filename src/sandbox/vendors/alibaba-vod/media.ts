import { randomBytes } from 'node:crypto';
import type { BusinessType, VodStatus } from '../../../vendors/alibaba-vod.js';

/** `status` applies from `afterMs` after the object was stored. */
export interface TimelineStep {
  afterMs: number;
  status: VodStatus;
}

interface Medium {
  mediaId: string;
  bucket: string;
  key: string;
  title: string;
  description: string;
  tags: string;
  appId: string;
  userData: string;
  createdAt: number;
  modifiedAt: number;
  /** When its object was stored. */
  storedAt?: number;
}

export interface Video extends Medium {
  kind: 'video';
  fileName: string;
  fileSize?: number;
  coverUrl: string;
  cateId?: number;
  templateGroupId: string;
  workflowId: string;
  timeline: readonly TimelineStep[];
}

export interface Image extends Medium {
  kind: 'image';
  imageType: string;
  extension: string;
}

export interface AttachedMedium extends Medium {
  kind: 'attached';
  businessType: BusinessType;
  extension: string;
}

export type AnyMedium = Video | Image | AttachedMedium;

/** All media of the account. */
export class MediaList {
  readonly #media = new Map<string, AnyMedium>();

  add(medium: AnyMedium): void {
    this.#media.set(medium.mediaId, medium);
  }

  video(mediaId: string): Video | undefined {
    const medium = this.#media.get(mediaId);
    return medium?.kind === 'video' ? medium : undefined;
  }

  byObject(bucket: string, key: string): AnyMedium | undefined {
    return this.all().find((medium) => medium.bucket === bucket && medium.key === key);
  }

  all(): AnyMedium[] {
    return [...this.#media.values()];
  }

  delete(mediaId: string): void {
    this.#media.delete(mediaId);
  }

  clear(): void {
    this.#media.clear();
  }
}

/** 32 hex digits, as in every sample. */
export function newMediaId(): string {
  return randomBytes(16).toString('hex');
}

/** As in `sv/549737da-173896da0a5/549737da-173896da0a5.mp4`. */
export function videoKey(extension: string): string {
  const name = `${randomBytes(4).toString('hex')}-${randomBytes(6).toString('hex').slice(1)}`;
  return `sv/${name}/${name}.${extension}`;
}

/** As in `image/cover/4A6B…-6-2.png`. */
export function imageKey(imageType: string, extension: string): string {
  return `image/${imageType}/${randomBytes(16).toString('hex').toUpperCase()}-6-2.${extension}`;
}

export function attachedKey(businessType: BusinessType, extension: string): string {
  return `${businessType}/${randomBytes(16).toString('hex').toUpperCase()}-1.${extension}`;
}
