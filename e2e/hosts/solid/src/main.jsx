import { createSignal, Show } from 'solid-js';
import { render } from 'solid-js/web';
import 'vodrop/element';

function App() {
  const [mediaId, setMediaId] = createSignal();
  return (
    <>
      <vodrop-uploader
        endpoint="/api/uploads"
        provider="huawei-vod"
        prop:maxFiles={3}
        on:vodrop-ready={({ detail }) => setMediaId(detail.upload.mediaId)}
      />
      <Show when={mediaId()}>
        <p>{`Ready: ${mediaId()}`}</p>
      </Show>
    </>
  );
}

render(() => <App />, document.querySelector('#root'));
