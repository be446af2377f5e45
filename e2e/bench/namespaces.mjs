// A real TCP line: two network namespaces and a wire between them. Linux, root, iproute2, python3.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const [client, server, wire] = ['vodrop-client', 'vodrop-server', 'vodrop-wire'];
export const serverAddress = '10.79.0.2';
const ip = (...args) => execFileSync('ip', args, { stdio: ['ignore', 'pipe', 'pipe'] });
const inside = (space, ...command) => ip('netns', 'exec', space, ...command);

/** Undefined, or why there can be none here. */
export function whyNoNamespaces() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return 'it needs Linux and root';
  for (const tool of ['ip', 'ethtool', 'python3'])
    try {
      execFileSync('sh', ['-c', `command -v ${tool}`], { stdio: 'ignore' });
    } catch {
      return `it needs ${tool}`;
    }
  try {
    ip('netns', 'add', client);
    ip('netns', 'del', client);
  } catch (error) {
    return `network namespaces are not allowed here: ${error.stderr ?? error.message}`;
  }
  return undefined;
}

/** An address that comes a second later is a change of the network, at which Chromium ends its requests. */
function disableIpv6(space) {
  try {
    inside(
      space,
      'sysctl',
      '-qw',
      'net.ipv6.conf.all.disable_ipv6=1',
      'net.ipv6.conf.default.disable_ipv6=1',
    );
  } catch {
    // A kernel without it.
  }
}

/** What most clients use; a kernel may not let a namespace choose it. */
function useCubic(space) {
  for (const name of ['cubic', 'reno'])
    try {
      inside(space, 'sysctl', '-qw', `net.ipv4.tcp_congestion_control=${name}`);
      return name;
    } catch {
      // The next.
    }
  return 'as the kernel has it';
}

/** `delayMs` is one way. Close it when nothing runs in it any more. */
export async function startNamespaces({ delayMs, megabits, loss, queueMs = 100 }) {
  const spaces = [client, server, wire];
  for (const space of spaces) {
    ip('netns', 'add', space);
    ip('-n', space, 'link', 'set', 'lo', 'up');
    disableIpv6(space);
  }
  let congestion;
  for (const [space, near, far, address] of [
    [client, 'c0', 'c1', '10.79.0.1'],
    [server, 's0', 's1', serverAddress],
  ]) {
    ip('link', 'add', near, 'netns', space, 'type', 'veth', 'peer', 'name', far, 'netns', wire);
    for (const [where, name] of [
      [space, near],
      [wire, far],
    ]) {
      // Frames of the size that a line has: what is lost is one segment.
      const off = ['tx', 'rx', 'tso', 'gso', 'gro', 'sg'].flatMap((feature) => [feature, 'off']);
      inside(where, 'ethtool', '-K', name, ...off);
      ip('-n', where, 'link', 'set', name, 'up');
    }
    ip('-n', space, 'addr', 'add', `${address}/30`, 'dev', near);
    // A connection does not begin with what an earlier one has learned.
    inside(space, 'sysctl', '-qw', 'net.ipv4.tcp_no_metrics_save=1');
    congestion = useCubic(space);
  }
  const settings = [delayMs, megabits, loss, queueMs].map(String);
  const running = spawn(
    'ip',
    [
      ...['netns', 'exec', wire, 'python3', path.join(import.meta.dirname, 'wire.py')],
      'c1',
      's1',
      ...settings,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(running.stdout, 'data');
  return {
    congestion,
    onClient: ['netns', 'exec', client],
    onServer: ['netns', 'exec', server],
    close: async () => {
      running.kill();
      await once(running, 'exit');
      for (const space of spaces) ip('netns', 'del', space);
    },
  };
}
