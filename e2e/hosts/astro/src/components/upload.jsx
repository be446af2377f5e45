import { useState } from 'react';
import { Uploader } from 'vodrop';
import 'vodrop/styles.css';

export default function Upload() {
  const [mediaId, setMediaId] = useState();
  return (
    <>
      <Uploader
        endpoint="/api/uploads"
        provider="huawei-vod"
        onReady={(upload) => setMediaId(upload.mediaId)}
      />
      {mediaId && <p>{`Ready: ${mediaId}`}</p>}
    </>
  );
}
