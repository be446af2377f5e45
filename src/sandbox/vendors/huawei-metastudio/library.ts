import { randomBytes, randomUUID } from 'node:crypto';
import type { MetastudioAssetState, MetastudioFileState } from '../../../vendors/huawei-metastudio.js';
import type { MultipartUpload } from '../../store/object-store.js';
import { MetastudioError } from './errors.js';

export interface AssetRecord {
  assetId: string;
  name: string;
  type: string;
  description: string;
  tags: string[];
  systemProperties: { key: string; value: string }[];
  appUserId: string;
  isDeleted: boolean;
  createdAt: number;
  modifiedAt: number;
}

/** How the upload of a file ended; undefined before. */
export type FileEnd =
  | { kind: 'completed'; at: number; forced: string | undefined; isAnalysed: boolean; hasObject: boolean }
  | { kind: 'FAILED' | 'CANCELLED' | 'DELETED' };

export interface FileRecord {
  fileId: string;
  assetId: string;
  name: string;
  type: string;
  md5: string;
  sizeBytes: number;
  category: string;
  key: string;
  upload: MultipartUpload | undefined;
  end: FileEnd | undefined;
}

/** The assets and files of the project. */
export class Library {
  readonly assets = new Map<string, AssetRecord>();
  readonly files = new Map<string, FileRecord>();

  addAsset(fields: Omit<AssetRecord, 'assetId' | 'isDeleted'>): AssetRecord {
    const asset = { ...fields, assetId: randomBytes(16).toString('hex'), isDeleted: false };
    this.assets.set(asset.assetId, asset);
    return asset;
  }

  addFile(fields: Omit<FileRecord, 'fileId' | 'end'>): FileRecord {
    const file = { ...fields, fileId: randomUUID(), end: undefined };
    this.files.set(file.fileId, file);
    return file;
  }

  asset(assetId: string): AssetRecord {
    const asset = this.assets.get(assetId);
    if (!asset || asset.isDeleted) throw new MetastudioError('MSS.10001001');
    return asset;
  }

  file(fileId: string): FileRecord {
    const file = this.files.get(fileId);
    if (!file || file.end?.kind === 'DELETED') throw new MetastudioError('MSS.10001004');
    return file;
  }

  filesOf(assetId: string): FileRecord[] {
    return [...this.files.values()].filter(
      (file) => file.assetId === assetId && file.end?.kind !== 'DELETED',
    );
  }

  clear(): void {
    this.assets.clear();
    this.files.clear();
  }
}

/** Review takes the processing time; a fault rule can set its final state. */
export function fileStateOf({ end }: FileRecord, nowMs: number, processingMs: number): MetastudioFileState {
  if (!end) return 'CREATING';
  if (end.kind !== 'completed') return end.kind;
  if (!end.hasObject) return 'FAILED';
  if (nowMs - end.at < processingMs / 2) return 'UPLOADED';
  if (nowMs - end.at < processingMs) return 'REVIEW';
  return end.forced === 'BLOCK' || end.forced === 'FAILED' || end.forced === 'REVIEW'
    ? end.forced
    : 'CREATED';
}

/** The state of an asset follows from its main file. */
export function assetStateOf(
  main: MetastudioFileState | undefined,
  after: 'ACTIVED' | 'UNACTIVED',
): MetastudioAssetState {
  if (main === 'CREATED') return after;
  if (main === 'FAILED' || main === 'BLOCK') return main;
  return main === 'UPLOADED' || main === 'REVIEW' ? 'UNACTIVED' : 'CREATING';
}
