import { render } from 'solid-js/web';
import { Upload } from './upload.tsx';

render(() => <Upload />, document.querySelector('#root'));
