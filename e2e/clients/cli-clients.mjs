// S3 clients from Debian, by their command lines. Each has `put`, `get`, `list` and `remove` for buffers.
import { execFile, spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);
const packages = { rclone: 'rclone', aws: 'awscli', s3cmd: 's3cmd' };

/** Installs a missing client where possible. Returns the reason why the client cannot run, or undefined. */
export function missingClient(command) {
  const runs = () => spawnSync(command, ['--version'], { stdio: 'ignore' }).status === 0;
  if (runs()) return undefined;
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return 'not installed, and only root can install it';
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', packages[command]], { stdio: 'ignore' });
  return runs() ? undefined : `apt-get install ${packages[command]} failed`;
}

export function cliClients(store, directory) {
  const file = path.join(directory, 'transfer');
  const { bucket } = store;
  const around = (run, commands) => ({
    put: async (key, body) => {
      await writeFile(file, body);
      await run(commands.put(`${bucket}/${key}`));
    },
    get: async (key) => {
      await run(commands.get(`${bucket}/${key}`));
      return readFile(file);
    },
    list: async () => (await run(commands.list(bucket))).stdout.split('\n'),
    remove: (key) => run(commands.remove(`${bucket}/${key}`)),
  });
  return {
    rclone: around(rclone(store), {
      put: (key) => ['copyto', file, `store:${key}`],
      get: (key) => ['copyto', `store:${key}`, file],
      list: (name) => ['lsf', '-R', `store:${name}`],
      remove: (key) => ['deletefile', `store:${key}`],
    }),
    aws: around(aws(store), {
      put: (key) => ['s3', 'cp', file, `s3://${key}`],
      get: (key) => ['s3', 'cp', `s3://${key}`, file],
      list: (name) => ['s3', 'ls', '--recursive', `s3://${name}`],
      remove: (key) => ['s3', 'rm', `s3://${key}`],
    }),
    s3cmd: around(s3cmd(store), {
      put: (key) => ['put', file, `s3://${key}`],
      get: (key) => ['get', '--force', `s3://${key}`, file],
      list: (name) => ['ls', '--recursive', `s3://${name}`],
      remove: (key) => ['rm', `s3://${key}`],
    }),
  };
}

function rclone({ endpoint, region, accessKeyId, secretAccessKey }) {
  const env = {
    ...process.env,
    // rclone cannot load a CA bundle from the environment, and the sandbox uses plain HTTP.
    AWS_CA_BUNDLE: undefined,
    RCLONE_CONFIG: '/dev/null',
    RCLONE_CONFIG_STORE_TYPE: 's3',
    RCLONE_CONFIG_STORE_PROVIDER: 'Other',
    RCLONE_CONFIG_STORE_ENDPOINT: endpoint,
    RCLONE_CONFIG_STORE_REGION: region,
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: accessKeyId,
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: secretAccessKey,
  };
  const flags = [
    '--retries',
    '1',
    '--s3-upload-cutoff',
    '16M',
    '--s3-chunk-size',
    '8M',
    '--s3-no-check-bucket',
  ];
  return (args) => exec('rclone', [...args, ...flags, '--ignore-times'], { env });
}

function aws({ endpoint, region, accessKeyId, secretAccessKey }) {
  const env = {
    ...process.env,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_DEFAULT_REGION: region,
    AWS_MAX_ATTEMPTS: '1',
  };
  return (args) => exec('aws', ['--endpoint-url', endpoint, ...args], { env });
}

function s3cmd({ endpoint, region, accessKeyId, secretAccessKey }) {
  const { host } = new URL(endpoint);
  const flags = ['--access_key', accessKeyId, '--secret_key', secretAccessKey, '--host', host];
  const more = [
    '--host-bucket',
    host,
    '--no-ssl',
    '--region',
    region,
    '--no-progress',
    '--config',
    '/dev/null',
  ];
  return (args) => exec('s3cmd', [...args, ...flags, ...more]);
}
