// Runs in the page: each function is one way of uploading, from the file to the last acknowledgement.
import Uppy from '@uppy/core';
import { emaFilter, prettyETA } from '@uppy/core/utils';
import AwsS3 from '@uppy/aws-s3';
import COS from 'cos-js-sdk-v5';
import { createUploader } from '../../dist/engine.js';

const mebibyte = 1024 * 1024;

/** The uploader that a page creates before a file is dropped. */
let prepared;
/** `fixed` takes the choice of connections and size of parts from it. */
const makeUploader = ({ endpoint = '/api', provider = 'bench', fixed }) =>
  createUploader({
    endpoint,
    provider,
    restrictions: { accept: [] },
    polling: 'manual',
    ...(fixed && {
      concurrency: { connections: fixed.connections },
      partSizeBytes: fixed.partSizeBytes,
    }),
  });

/** vodrop: hashed, signed by the endpoint, verified, confirmed. */
async function vodrop(files, options) {
  const uploader = prepared ?? makeUploader(options);
  if (options.priority) uploader.setPriority(options.priority);
  if (options.isApproached) window.bench.approach();
  await uploader.add(files);
  try {
    await new Promise((resolve, reject) => {
      const look = () => {
        const { uploads } = uploader.getSnapshot();
        const failed = uploads.find(({ status }) => status === 'failed');
        if (failed) reject(failed.error);
        else if (uploads.every(({ status }) => status === 'processing' || status === 'ready')) resolve();
      };
      uploader.subscribe(look);
      look();
    });
  } finally {
    uploader.destroy();
  }
}

/**
 * XMLHttpRequest only: parts of 16 MiB (or whole files), six at once to each name of the store unless it is said
 * otherwise, no integrity checks, no signing.
 */
async function xhr(files, { store, secondStore, partSizeBytes = 16 * mebibyte, connections = 6 }) {
  const jobs = [];
  [...files].forEach((file, index) => {
    for (let start = 0, part = 1; start < file.size; start += partSizeBytes, part++) {
      jobs.push({
        path: `x${index}?partNumber=${part}&uploadId=u`,
        body: file.slice(start, start + partSizeBytes),
      });
    }
  });
  const lane = async (origin) => {
    for (let job = jobs.shift(); job; job = jobs.shift())
      await put({ url: `${origin}/${job.path}`, body: job.body });
  };
  const names = secondStore ? [store, secondStore] : [store];
  await Promise.all(
    Array.from({ length: connections * names.length }, (_, index) => lane(names[index % names.length])),
  );
}

/**
 * XMLHttpRequest only, six files at once, each after a question to the endpoint for its URL, which a page without batches
 * has to ask for each file. It neither hashes (the store of the bench compares no digest) nor confirms.
 */
async function askingXhr(files, { endpoint = '/api', provider }) {
  const jobs = [...files];
  const lane = async () => {
    for (let file = jobs.shift(); file; file = jobs.shift()) {
      const { name: fileName, size: sizeBytes, type: contentType } = file;
      const upload = { clientId: crypto.randomUUID(), fileName, sizeBytes, contentType, md5Base64: noMd5 };
      const response = await fetch(`${endpoint}/start`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ provider, uploads: [upload] }),
      });
      const { results } = await response.json();
      const [{ url, headers }] = results[0].session.signed;
      // A type of its own would be sent where none is signed.
      await put({ url, headers, body: file.slice() });
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
}

const noMd5 = `${'A'.repeat(22)}==`;

function put({ url, headers = { 'content-type': 'application/octet-stream' }, body }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.upload.onprogress = () => {};
    request.onload = () => (request.status === 200 ? resolve() : reject(new Error(String(request.status))));
    request.onerror = () => reject(new Error('the request got no answer'));
    request.open('PUT', url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.send(body);
  });
}

/** Uppy 6 with presigned parts of the same size. */
async function uppy(files, { store, partSizeBytes = 16 * mebibyte }) {
  const instance = new Uppy({ autoProceed: false }).use(AwsS3, {
    shouldUseMultipart: true,
    getChunkSize: () => partSizeBytes,
    limit: 6,
    signRequest: ({ method, key, uploadId, partNumber }) => {
      const query = uploadId
        ? partNumber
          ? `partNumber=${partNumber}&uploadId=${uploadId}`
          : `uploadId=${uploadId}`
        : method === 'POST'
          ? 'uploads'
          : '';
      return { url: `${store}/${encodeURIComponent(key)}?${query}` };
    },
  });
  for (const file of files) instance.addFile({ name: file.name, type: file.type, data: file });
  const result = await instance.upload();
  instance.destroy();
  if (result.failed.length > 0) throw new Error(String(result.failed[0].error));
}

/**
 * The time left in the status bar of Uppy's Dashboard 6.0: the bench installs Uppy's core without the Dashboard, so this
 * is its computation again, with the filter and the words of the core, done at each change of state as there.
 */
function uppyStatusBar(instance) {
  const halfLifeMs = 2000;
  let [speed, left, bytes, at] = [undefined, undefined, 0, performance.now()];
  let text = '';
  const update = () => {
    const files = instance.getFiles().filter(({ progress }) => progress.uploadStarted);
    const sum = (field) => files.reduce((total, { progress }) => total + (progress[field] || 0), 0);
    const [uploaded, total] = [sum('bytesUploaded'), sum('bytesTotal')];
    const now = performance.now();
    const [elapsed, moved] = [now - at, uploaded - bytes];
    if (total === 0 || uploaded >= total) {
      text = '';
      return;
    }
    bytes = uploaded;
    if (elapsed > 0 && moved > 0) {
      const current = moved / elapsed;
      speed = speed === undefined ? current : emaFilter(current, speed, halfLifeMs, elapsed);
      const estimate = (total - uploaded) / speed;
      left =
        left === undefined ? estimate : emaFilter(estimate, Math.max(left - elapsed, 0), halfLifeMs, elapsed);
      at = now;
    }
    text = `${prettyETA(Math.round((left ?? 0) / 100) / 10)} left`;
  };
  instance.on('state-update', update);
  return { text: () => text, started: () => bytes > 0 };
}

/** Uploads files with Uppy as it comes, and notes each half second what its status bar says, until all have arrived. */
async function watchUppy(store, count, sizeBytes) {
  const instance = new Uppy({ autoProceed: false }).use(AwsS3, {
    signRequest: ({ key }) => ({ url: `${store}/${encodeURIComponent(key)}` }),
  });
  const bar = uppyStatusBar(instance);
  for (let index = 0; index < count; index++) {
    const name = `file-${index}.mp4`;
    const data = new File([new Uint8Array(sizeBytes)], name, { type: 'video/mp4' });
    instance.addFile({ name, type: data.type, data });
  }
  const upload = instance.upload();
  while (!bar.started()) await new Promise(requestAnimationFrame);
  const started = performance.now();
  const samples = [];
  const timer = setInterval(() => {
    samples.push({ ms: performance.now() - started, text: bar.text() });
  }, 500);
  const { failed } = await upload;
  clearInterval(timer);
  if (failed.length > 0) throw new Error(String(failed[0].error));
  return { samples, ms: performance.now() - started };
}

/** Tencent's client with its own MD5 check turned on. */
async function cos(files, { store, partSizeBytes = 16 * mebibyte }) {
  const { host } = new URL(store);
  const client = new COS({
    SecretId: 'id',
    SecretKey: 'key',
    Domain: host,
    Protocol: 'http:',
    ChunkParallelLimit: 6,
    UploadCheckContentMd5: true,
  });
  for (const file of files) {
    await new Promise((resolve, reject) => {
      client.sliceUploadFile(
        {
          Bucket: 'b-1250000000',
          Region: 'r',
          Key: `c-${Math.random()}`,
          Body: file,
          ChunkSize: partSizeBytes,
          AsyncLimit: 6,
        },
        (error) => (error ? reject(new Error(JSON.stringify(error))) : resolve()),
      );
    });
  }
}

const clients = { vodrop, xhr, askingXhr, uppy, cos };

/** The longest task of the main thread and the number of long tasks, during which the page does not respond. */
const longTasks = { longestMs: 0, count: 0 };
new PerformanceObserver((list) => {
  for (const { duration } of list.getEntries()) {
    longTasks.longestMs = Math.max(longTasks.longestMs, duration);
    longTasks.count += 1;
  }
}).observe({ entryTypes: ['longtask'] });

window.bench = {
  watchUppy,
  longTasks: () => ({ ...longTasks }),
  prepare: (options) => {
    prepared = makeUploader(options);
  },
  /** What a page hears before a drop: the pointer with the file enters it. */
  approach: () => window.dispatchEvent(new DragEvent('dragenter', { dataTransfer: new DataTransfer() })),
  canContinue: () => prepared.getSnapshot().unfinished.length > 0,
  goOn: () =>
    prepared.continueUnfinished(
      prepared.getSnapshot().unfinished[0].id,
      document.querySelector('input').files[0],
    ),
  async run(name, options) {
    const { files } = document.querySelector('input');
    Object.assign(longTasks, { longestMs: 0, count: 0 });
    const started = performance.now();
    await clients[name](options.count ? copies(files[0], options.count) : files, options);
    const ms = performance.now() - started;
    // One turn of the event loop, so that the observer gets the last task.
    await new Promise((resolve) => setTimeout(resolve, 0));
    return { ms, ...longTasks };
  },
};

/** Creates many different small files from one file. */
function copies(file, count) {
  const size = Math.floor(file.size / count);
  return Array.from(
    { length: count },
    (_, index) =>
      new File([file.slice(index * size, (index + 1) * size)], `file-${index}.mp4`, { type: 'video/mp4' }),
  );
}
