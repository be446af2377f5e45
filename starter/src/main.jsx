import { createRoot } from 'react-dom/client';
import { Uploader } from 'vodrop';
import 'vodrop/styles.css';

createRoot(document.getElementById('root')).render(
  <Uploader
    endpoint="/api/uploads"
    provider="huawei-vod"
    maxSize="20GB"
    onReady={(upload) => console.log(upload.mediaId, upload.receipt)}
  />,
);
