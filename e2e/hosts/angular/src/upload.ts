import { Component, CUSTOM_ELEMENTS_SCHEMA, signal } from '@angular/core';
import 'vodrop/element';
import type { VodropUploaderEventMap } from 'vodrop/element';

@Component({
  selector: 'app-upload',
  schemas: [CUSTOM_ELEMENTS_SCHEMA],
  template: `
    <vodrop-uploader
      endpoint="/api/uploads"
      provider="huawei-vod"
      [maxFiles]="3"
      (vodrop-ready)="ready($event)"
    ></vodrop-uploader>
    @if (mediaId()) {
      <p>Ready: {{ mediaId() }}</p>
    }
  `,
})
export class Upload {
  readonly mediaId = signal<string | undefined>(undefined);

  ready({ detail }: VodropUploaderEventMap['vodrop-ready']) {
    this.mediaId.set(detail.upload.mediaId);
  }
}
