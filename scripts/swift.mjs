// A second real S3 store for tests: OpenStack Swift with its S3 API (middleware `s3api`), on loopback, deleted
// at the end. `node scripts/swift.mjs` starts it, prints the settings for `.env`, and stops it again on Ctrl-C.
import { spawnSync } from 'node:child_process';
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { apt, canApt, hasCommand } from './browser.mjs';
import { createDaemons, serve } from './daemons.mjs';
import { freePorts } from './ports.mjs';

/** Only the library: Debian's server packages add services to the system, which the tests do not need. */
const packages = ['python3-swift'];
const python = '/usr/bin/python3';
const bucket = 'vodrop';
const account = 'lab';

/** Installs Debian's package where possible. Returns the reason why Swift cannot run here, or undefined. */
export function swiftProblem() {
  const isMissing = () =>
    !hasCommand(python, '--version') ||
    spawnSync(python, ['-c', 'import swift.common.middleware.s3api'], { stdio: 'ignore' }).status !== 0;
  if (!isMissing()) return undefined;
  if (!canApt()) return 'OpenStack Swift is not installed, and only root on Debian can install it';
  try {
    apt(packages);
  } catch (error) {
    return `OpenStack Swift cannot be installed: ${error.message}`;
  }
  return isMissing() ? `Debian's package ${packages[0]} has no S3 API` : undefined;
}

/**
 * Starts a new store with one replica. Its `env` has the settings of the provider `s3`; `stop` ends every process and
 * removes the data. Without `stop`, the store ends with this process, however this process ends.
 */
export async function startSwift() {
  const daemons = createDaemons('swift');
  const { directory, stop } = daemons;
  try {
    const [proxyPort, ...ports] = await freePorts(4);
    const user = 'tester';
    const secretKey = randomBytes(20).toString('hex');
    const accessKey = `${account}:${user}`;
    writeSettings(directory, { proxyPort, ports, user, secretKey });
    buildRings(directory, ports);
    for (const server of [...storageServers, 'proxy'])
      daemons.start(
        python,
        [path.join(directory, 'serve.py'), path.join(directory, `${server}.conf`), `${server}-server`],
        {
          env: { ...process.env, PYTHONPATH: directory, PYTHONDONTWRITEBYTECODE: '1' },
        },
      );
    const endpoint = `http://127.0.0.1:${proxyPort}`;
    // The proxy ignores a storage server for a minute after failed connections, so it gets its first request last.
    for (const port of [...ports, proxyPort]) await daemons.answering(`http://127.0.0.1:${port}/healthcheck`);
    await createBucket({ endpoint, accessKey, secretKey });
    const env = {
      S3_ENDPOINT: endpoint,
      S3_REGION: 'us-east-1',
      S3_BUCKET: bucket,
      S3_FORCE_PATH_STYLE: 'true',
      S3_ACCESS_KEY_ID: accessKey,
      S3_SECRET_ACCESS_KEY: secretKey,
    };
    return { env, stop };
  } catch (error) {
    const log = daemons.tail();
    stop();
    throw new Error(`OpenStack Swift did not start: ${error.message}\n${log}`, { cause: error });
  }
}

const storageServers = ['account', 'container', 'object'];

function writeSettings(directory, { proxyPort, ports, user, secretKey }) {
  const write = (name, text) => writeFileSync(path.join(directory, name), text);
  mkdirSync(path.join(directory, 'disk', 'd1'), { recursive: true });
  write('serve.py', startScript(directory));
  write('cache_in_memory.py', cacheModule);
  write('swift.conf', `[swift-hash]\nswift_hash_path_prefix = ${randomBytes(8).toString('hex')}\n`);
  storageServers.forEach((server, i) =>
    write(`${server}.conf`, serverSettings(directory, ports[i]) + storagePipeline(server)),
  );
  write('proxy.conf', serverSettings(directory, proxyPort) + proxyPipeline(user, secretKey));
}

/** Does the same as the start scripts of the packages, which read their directory from /etc. */
function startScript(directory) {
  return `import sys
from swift.common import utils
from swift.common.wsgi import run_wsgi

utils.set_swift_dir(${JSON.stringify(directory)})
from swift.common.storage_policy import reload_storage_policies
reload_storage_policies()
extra = {}
if sys.argv[2] == 'object-server':
    from swift.obj import server
    extra['global_conf_callback'] = server.global_conf_callback
sys.exit(run_wsgi(sys.argv[1], sys.argv[2], **extra))
`;
}

/** The proxy is one process, so a dict replaces memcached. */
const cacheModule = `class Cache:
    def __init__(self):
        self.values = {}

    def set(self, key, value, *args, **kwargs):
        self.values[key] = value

    def get(self, key, *args, **kwargs):
        return self.values.get(key)

    def incr(self, key, delta=1, *args, **kwargs):
        self.values[key] = self.values.get(key, 0) + delta
        return self.values[key]

    def delete(self, key, *args, **kwargs):
        self.values.pop(key, None)


def filter_factory(global_conf, **local_conf):
    cache = Cache()

    def filter(app):
        def serve(env, start_response):
            env['swift.cache'] = cache
            return app(env, start_response)
        return serve
    return filter
`;

function serverSettings(directory, port) {
  return `[DEFAULT]
swift_dir = ${directory}
devices = ${directory}/disk
mount_check = false
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${process.env.USER ?? 'root'}
log_level = ERROR
fallocate_reserve = 0
disable_fallocate = true

`;
}

function storagePipeline(server) {
  return `[pipeline:main]
pipeline = healthcheck ${server}-server

[app:${server}-server]
use = egg:swift#${server}

[filter:healthcheck]
use = egg:swift#healthcheck
`;
}

function proxyPipeline(user, secretKey) {
  return `[pipeline:main]
pipeline = healthcheck cache listing_formats s3api tempauth slo proxy-server

[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
# With one replica, a server that is slow on a busy machine must not count as a failed one.
conn_timeout = 30
node_timeout = 60
error_suppression_limit = 1000000

[filter:healthcheck]
use = egg:swift#healthcheck

[filter:cache]
paste.filter_factory = cache_in_memory:filter_factory

[filter:listing_formats]
use = egg:swift#listing_formats

[filter:s3api]
use = egg:swift#s3api
cors_preflight_allow_origin = *

[filter:tempauth]
use = egg:swift#tempauth
user_${account}_${user} = ${secretKey} .admin

[filter:slo]
use = egg:swift#slo
`;
}

/** Builds the rings, which place every kind of data on the only disk. */
function buildRings(directory, ports) {
  const rings = storageServers.map((server, i) => [server, ports[i]]);
  const script = `import json, sys
from swift.common.ring import RingBuilder
for name, port in json.loads(sys.argv[2]):
    builder = RingBuilder(2, 1, 0)
    builder.add_dev({'id': 0, 'region': 1, 'zone': 1, 'ip': '127.0.0.1', 'port': port, 'device': 'd1', 'weight': 1})
    builder.rebalance()
    builder.get_ring().save('%s/%s.ring.gz' % (sys.argv[1], name))
`;
  const result = spawnSync(python, ['-c', script, directory, JSON.stringify(rings)], { encoding: 'utf8' });
  if (result.error) throw result.error;
  if (result.status !== 0) throw new Error(`the rings cannot be built: ${result.stderr}`);
}

/** A PUT signed with signature version 2, which takes only ten lines. */
async function createBucket({ endpoint, accessKey, secretKey }) {
  const date = new Date().toUTCString();
  const md5 = createHash('md5').digest('base64');
  const signature = createHmac('sha1', secretKey)
    .update(`PUT\n${md5}\n\n${date}\n/${bucket}`)
    .digest('base64');
  const response = await fetch(`${endpoint}/${bucket}`, {
    method: 'PUT',
    headers: { Date: date, 'Content-MD5': md5, Authorization: `AWS ${accessKey}:${signature}` },
  });
  if (!response.ok) throw new Error(`create the bucket: ${response.status} ${await response.text()}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await serve(swiftProblem(), startSwift);
