// A real S3 store for tests: Ceph's RADOS Gateway with one monitor and one disk, on loopback, deleted at the
// end. `node scripts/ceph.mjs` starts it, prints the settings for `.env`, and stops it again on Ctrl-C.
import { spawnSync } from 'node:child_process';
import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { apt, canApt, hasCommand } from './browser.mjs';
import { createDaemons, serve } from './daemons.mjs';
import { freePorts } from './ports.mjs';

const packages = ['ceph-mon', 'ceph-osd', 'radosgw', 'ceph-common'];
const commands = ['ceph-mon', 'ceph-osd', 'radosgw', 'radosgw-admin', 'ceph', 'monmaptool'];
const bucket = 'vodrop';
const diskGiB = 16;

/** Installs Debian's packages where possible. Returns the reason why Ceph cannot run here, or undefined. */
export function cephProblem() {
  const missing = () => commands.filter((command) => !hasCommand(command, '--version'));
  if (missing().length === 0) return undefined;
  if (!canApt())
    return `Ceph is not installed (${missing().join(', ')}), and only root on Debian can install it`;
  try {
    apt(packages);
  } catch (error) {
    return `Ceph cannot be installed: ${error.message}`;
  }
  return missing().length === 0 ? undefined : `Debian's packages lack ${missing().join(', ')}`;
}

/**
 * Starts a new cluster. Its `env` has the settings of the provider `s3`; `stop` ends every process and removes the
 * data. Without `stop`, the cluster ends with this process, however this process ends.
 */
export async function startCeph() {
  const daemons = createDaemons('ceph');
  const { directory, stop } = daemons;
  try {
    const [monitorPort, gatewayPort] = await freePorts(2);
    const settings = {
      directory,
      monitorPort,
      gatewayPort,
      cluster: randomUUID(),
      disk: randomUUID(),
      accessKey: randomBytes(10).toString('hex'),
      secretKey: randomBytes(20).toString('hex'),
    };
    await boot(settings, daemons);
    await furnish(settings);
    const endpoint = `http://127.0.0.1:${gatewayPort}`;
    const env = {
      S3_ENDPOINT: endpoint,
      S3_REGION: 'us-east-1',
      S3_BUCKET: bucket,
      S3_FORCE_PATH_STYLE: 'true',
      S3_PUBLIC_URL: `${endpoint}/${bucket}`,
      S3_ACCESS_KEY_ID: settings.accessKey,
      S3_SECRET_ACCESS_KEY: settings.secretKey,
      S3_STS_ENDPOINT: endpoint,
      S3_ROLE_ARN: 'arn:aws:iam:::role/uploader',
    };
    return { env, stop };
  } catch (error) {
    const log = daemons.tail();
    stop();
    throw new Error(`Ceph did not start: ${error.message}\n${log}`, { cause: error });
  }
}

async function boot(settings, daemons) {
  const { directory, monitorPort, gatewayPort, cluster, disk } = settings;
  const configuration = path.join(directory, 'ceph.conf');
  for (const folder of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(path.join(directory, folder));
  writeFileSync(configuration, configurationOf(settings));
  writeFileSync(path.join(directory, 'keyring'), '');
  const tool = (command, ...args) => runTool(settings, command, args);
  const daemon = (command, ...args) => daemons.start(command, ['-c', configuration, ...args]);

  tool(
    'monmaptool',
    '--create',
    '--clobber',
    '--fsid',
    cluster,
    '--addv',
    'a',
    `[v2:127.0.0.1:${monitorPort}]`,
    path.join(directory, 'monmap'),
  );
  tool('ceph-mon', '-i', 'a', '--mkfs', '--monmap', path.join(directory, 'monmap'));
  daemon('ceph-mon', '-i', 'a', '-f');
  tool('ceph-osd', '-i', '0', '--mkfs', '--osd-uuid', disk, '--no-mon-config');
  tool('ceph', '--connect-timeout', '30', 'osd', 'new', disk);
  daemon('ceph-osd', '-i', '0', '-f');
  daemon('radosgw', '-n', 'client.rgw', '-f');
  await daemons.answering(`http://127.0.0.1:${gatewayPort}/`);
}

/** Creates a user with a bucket that any local page may use, and a role to assume. */
async function furnish(settings) {
  const { accessKey, secretKey } = settings;
  const admin = (...args) => runTool(settings, 'radosgw-admin', ['-n', 'client.rgw', ...args]);
  admin(
    'user',
    'create',
    '--uid=tester',
    '--display-name=tester',
    `--access-key=${accessKey}`,
    `--secret-key=${secretKey}`,
    '--caps=roles=*;user-policy=*',
  );
  const trust = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/tester'] }, Action: ['sts:AssumeRole'] },
    ],
  };
  const policy = {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['s3:*'], Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`] },
    ],
  };
  admin('role', 'create', '--role-name=uploader', `--assume-role-policy-doc=${JSON.stringify(trust)}`);
  admin(
    'role-policy',
    'put',
    '--role-name=uploader',
    '--policy-name=uploads',
    `--policy-doc=${JSON.stringify(policy)}`,
  );
  await put(settings, `/${bucket}`, '');
  await put(settings, `/${bucket}?cors`, corsRules());
}

function corsRules() {
  const origins = ['http://127.0.0.1:*', 'http://localhost:*'].map(
    (origin) => `<AllowedOrigin>${origin}</AllowedOrigin>`,
  );
  const methods = ['GET', 'PUT', 'HEAD'].map((method) => `<AllowedMethod>${method}</AllowedMethod>`);
  const headers = ['content-type', 'content-md5', 'if-none-match', 'authorization', 'x-amz-*', 'range'].map(
    (header) => `<AllowedHeader>${header}</AllowedHeader>`,
  );
  return `<CORSConfiguration><CORSRule>${[...origins, ...methods, ...headers].join('')}<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>3000</MaxAgeSeconds></CORSRule></CORSConfiguration>`;
}

/** A PUT signed with signature version 2, which takes only ten lines. */
async function put({ gatewayPort, accessKey, secretKey }, resource, body) {
  const date = new Date().toUTCString();
  const md5 = createHash('md5').update(body).digest('base64');
  const signature = createHmac('sha1', secretKey)
    .update(`PUT\n${md5}\napplication/xml\n${date}\n${resource}`)
    .digest('base64');
  const headers = {
    Date: date,
    'Content-MD5': md5,
    'Content-Type': 'application/xml',
    Authorization: `AWS ${accessKey}:${signature}`,
  };
  const response = await fetch(`http://127.0.0.1:${gatewayPort}${resource}`, {
    method: 'PUT',
    headers,
    body,
  });
  if (!response.ok) throw new Error(`PUT ${resource}: ${response.status} ${await response.text()}`);
}

function configurationOf(settings) {
  const lines = Object.entries(sectionsOf(settings)).flatMap(([name, values]) => [
    `[${name}]`,
    ...Object.entries(values).map(([key, value]) => `${key} = ${value}`),
  ]);
  return `${lines.join('\n')}\n`;
}

/** No authentication between the daemons, one replica of each object, and no long-term background tasks. */
function sectionsOf({ directory, monitorPort, gatewayPort, cluster }) {
  return {
    global: {
      fsid: cluster,
      'mon host': `[v2:127.0.0.1:${monitorPort}]`,
      'public addr': '127.0.0.1',
      'cluster addr': '127.0.0.1',
      'ms bind msgr1': false,
      'ms bind ipv6': false,
      'auth cluster required': 'none',
      'auth service required': 'none',
      'auth client required': 'none',
      // Encryption needs keys, and this cluster has none.
      'ms mon client mode': 'crc',
      'ms mon cluster mode': 'crc',
      'ms mon service mode': 'crc',
      'ms client mode': 'crc',
      'ms cluster mode': 'crc',
      'ms service mode': 'crc',
      'auth allow insecure global id reclaim': false,
      'log file': `${directory}/log/$name.log`,
      'log to stderr': false,
      'err to stderr': false,
      'admin socket': `${directory}/run/$name.asok`,
      'run dir': `${directory}/run`,
      'crash dir': `${directory}/log`,
      keyring: `${directory}/keyring`,
      'osd pool default size': 1,
      'osd pool default min size': 1,
      'osd pool default pg num': 4,
      'osd pool default pgp num': 4,
      'osd pool default pg autoscale mode': 'off',
      'osd crush chooseleaf type': 0,
      // Disks of test machines are often nearly full, but the tests store little data.
      'osd failsafe full ratio': 0.995,
    },
    mon: {
      'mon data': `${directory}/mon`,
      'mon allow pool size one': true,
      'mon max pg per osd': 1000,
      'mon data avail warn': 1,
      'mon data avail crit': 0,
      'paxos propose interval': 0.05,
      'paxos min wait': 0.02,
      'mon osd full ratio': 0.99,
      'mon osd backfillfull ratio': 0.98,
      'mon osd nearfull ratio': 0.97,
      'mon cluster log file': `${directory}/log/cluster.log`,
    },
    osd: {
      'osd data': `${directory}/osd`,
      'osd objectstore': 'bluestore',
      'osd class update on start': false,
      'bluestore block size': diskGiB * 2 ** 30,
      'bluestore block db create': false,
      'bluestore block wal create': false,
      'bluestore cache autotune': false,
      'bluestore cache size': 2 ** 27,
      'bdev enable discard': false,
      'osd max object name len': 2048,
      'osd op num shards': 2,
      'osd op num threads per shard': 1,
    },
    'client.rgw': {
      'rgw data': `${directory}/rgw`,
      'rgw frontends': `beast endpoint=127.0.0.1:${gatewayPort} tcp_nodelay=1`,
      'rgw thread pool size': 64,
      'rgw rados pool pg num min': 4,
      'rgw override bucket index max shards': 1,
      'rgw dynamic resharding': false,
      'rgw enable usage log': false,
      'rgw s3 auth use sts': true,
      'rgw sts key': randomBytes(8).toString('hex'),
      'rgw sts min session duration': 900,
    },
  };
}

function runTool({ directory }, command, args) {
  const log = openSync(path.join(directory, 'boot.log'), 'a');
  try {
    const result = spawnSync(command, ['-c', path.join(directory, 'ceph.conf'), ...args], {
      stdio: ['ignore', log, log],
      timeout: 60_000,
    });
    if (result.error) throw result.error;
    if (result.status !== 0)
      throw new Error(`${command} ${args[0]} ${args[1]} ended with ${result.status ?? result.signal}`);
  } finally {
    closeSync(log);
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await serve(cephProblem(), startCeph);
