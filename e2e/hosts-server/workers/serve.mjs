// Bundles the worker and runs it in workerd.
import { build } from 'esbuild';
import { Miniflare } from 'miniflare';

const folder = import.meta.dirname;
const { outputFiles } = await build({
  entryPoints: [`${folder}/worker.mjs`],
  bundle: true,
  format: 'esm',
  platform: 'neutral',
  mainFields: ['module', 'main'],
  conditions: ['workerd', 'worker', 'import'],
  write: false,
});
const miniflare = new Miniflare({
  modules: true,
  script: outputFiles[0].text,
  host: '127.0.0.1',
  port: Number(process.env.PORT),
  compatibilityDate: '2025-09-01',
  compatibilityFlags: ['enable_request_signal'],
  bindings: Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(TENCENT_|TICKET_|APP_)/.test(name)),
  ),
});
await miniflare.ready;
