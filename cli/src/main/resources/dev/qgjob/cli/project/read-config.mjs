// Evaluates an AppWright config and writes what qgjob needs of it as JSON.
//   node read-config.mjs <config> <result file>
// appwright itself is never loaded: its defineConfig gives back what it gets, as far as projects go,
// and a pipeline may want to submit before (or without) installing anything.
import { writeFileSync } from 'node:fs';
import Module, { register } from 'node:module';
import { pathToFileURL } from 'node:url';

const [config, result] = process.argv.slice(2);
globalThis.__qgjobMissing = new Set();

const same = (value) => value;
const lenient = new Proxy(function () {}, {
  get: (_, key) =>
    key === Symbol.toPrimitive ? () => '' : key === 'then' ? undefined
      : key === 'defineConfig' ? same : key === '__esModule' ? false : lenient,
  apply: () => lenient,
  construct: () => lenient,
});
globalThis.__qgjobLenient = lenient;
globalThis.__qgjobAppwright = {
  defineConfig: same,
  Platform: { ANDROID: 'android', IOS: 'ios' },
  test: lenient,
  expect: lenient,
  default: lenient,
};

const APPWRIGHT = /^(@[^/]+\/)?appwright(\/.*)?$/;
const load = Module._load;
Module._load = function (request, parent, isMain) {
  if (APPWRIGHT.test(request)) return globalThis.__qgjobAppwright;
  try {
    return load.call(this, request, parent, isMain);
  } catch (error) {
    const bare = !/^(\.|\/|node:|#)/.test(request);
    if (!bare || error.code !== 'MODULE_NOT_FOUND' || !String(error.message).includes(`'${request}'`)) throw error;
    globalThis.__qgjobMissing.add(request);
    return lenient;
  }
};

const text = (value) => (typeof value === 'string' ? value : undefined);
const answer = (value) => writeFileSync(result, JSON.stringify(value));

try {
  register('./config-hooks.mjs', import.meta.url);
  const loaded = await import(pathToFileURL(config).href);
  let value = loaded.default;
  if (value?.default?.projects || value?.__esModule) value = value.default;
  if (!value || typeof value !== 'object' || value === lenient) {
    throw new Error('it exports no config; expected export default defineConfig({ … })');
  }
  const projects = Array.isArray(value.projects) ? value.projects : [];
  answer({
    projects: projects.map((project) => ({
      name: text(project?.name),
      platform: text(project?.use?.platform),
      provider: text(project?.use?.device?.provider),
      build_path: text(project?.use?.buildPath),
    })),
    missing: [...globalThis.__qgjobMissing],
  });
  process.exit(0);
} catch (error) {
  answer({ projects: [], missing: [...globalThis.__qgjobMissing], error: String(error?.message ?? error) });
  process.exit(1);
}
