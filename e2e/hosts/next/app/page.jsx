import { Uploader } from 'vodrop';
import 'vodrop/styles.css';

export default function Page() {
  return <Uploader endpoint="/api/uploads" provider="huawei-vod" />;
}
