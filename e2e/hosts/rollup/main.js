import 'vodrop/element';

const uploader = document.createElement('vodrop-uploader');
Object.assign(uploader, { endpoint: '/api/uploads', provider: 'huawei-vod' });
document.querySelector('#root').append(uploader);
