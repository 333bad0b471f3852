'use strict';
// Loaded into every Node process of a run (NODE_OPTIONS=--require). It makes AppWright, unmodified,
// use the Appium and the phone that the worker chose, and leaves the app on the phone between tests.
//
// AppWright is recognised by its shape and not by a version: which files its dist folder has, what
// they export, which methods their classes have. Whatever is not as expected is remembered, and
// ends the run before a test begins: never does it go on with an install for every test.
const Module = require('node:module');
const fs = require('node:fs');
const path = require('node:path');

const KEY = Symbol.for('dev.qgjob.adapter');
const settings = JSON.parse(process.env.QGJOB_ADAPTER_SETTINGS || 'null');
const MARK = '[qgjob:';

/** A failure that is not the test's: the worker reads the mark. */
function fault(kind, message, cause) {
  const error = new Error(`${MARK}${kind}] ${message}`);
  error.stack = error.message; // where the adapter noticed it helps nobody
  if (cause !== undefined) error.cause = cause;
  return error;
}

const seen = {
  package: null,
  version: null,
  missing: [],
  providers: [],
  helpers: [],
  config: false,
  provider: null,
  problems: [],
};

function describe() {
  const wanted = seen.provider;
  const problems = [...seen.problems, ...seen.missing.map((part) => `AppWright has no dist/${part}`)];
  if (!seen.package) {
    problems.push('the config does not load AppWright: it should use defineConfig from "appwright"');
  } else {
    if (!seen.config && !seen.missing.includes('config.js')) problems.push('AppWright has no dist/config.js that exports defineConfig');
    if (wanted && !seen.providers.includes(wanted)) {
      problems.push(`AppWright has no provider for ${wanted} with the methods getDevice and createConfig`);
    }
    if (wanted && wanted !== 'browserstack' && !seen.helpers.includes('startAppiumServer')) {
      problems.push('AppWright has no dist/providers/appium.js that exports startAppiumServer');
    }
  }
  return {
    package: seen.package,
    version: seen.version,
    providers: seen.providers,
    helpers: seen.helpers,
    problems,
    // the submitter's matter, and no problem of shape
    mismatch:
      wanted && !settings.providers.includes(wanted)
        ? `project "${settings.project}" runs on provider "${wanted}", the job's target takes ${settings.providers.join(' or ')}`
        : undefined,
    ready: problems.length === 0,
  };
}

/** The package that a file of the right shape belongs to, or null. */
const packages = new Map();
function appwrightOf(filename) {
  const at = filename.lastIndexOf(`${path.sep}dist${path.sep}`);
  if (at < 0 || !filename.includes('node_modules')) return null;
  const root = filename.slice(0, at);
  if (!packages.has(root)) {
    const missing = ['config.js', 'fixture', 'providers'].filter((part) => !fs.existsSync(path.join(root, 'dist', part)));
    let known = null;
    if (missing.length < 2) {
      try {
        const { name, version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));
        if (/appwright/i.test(name)) known = { root, name, version, missing };
      } catch {
        // no package of its own
      }
    }
    packages.set(root, known);
  }
  return packages.get(root);
}

/** Sets a property of an exports object, whatever way it was defined. */
function replace(module, name, value) {
  const own = Object.getOwnPropertyDescriptor(module.exports, name);
  if (own && own.writable) {
    module.exports[name] = value;
  } else if (!own || own.configurable) {
    Object.defineProperty(module.exports, name, { value, writable: true, configurable: true, enumerable: true });
  } else {
    const copy = Object.create(Object.getPrototypeOf(module.exports));
    for (const key of Reflect.ownKeys(module.exports)) {
      if (key !== name) Object.defineProperty(copy, key, Object.getOwnPropertyDescriptor(module.exports, key));
    }
    copy[name] = value;
    module.exports = copy;
  }
}

// ---- what is put in place of what ----

function adaptHelpers(module) {
  const nothing = async () => {};
  const instead = {
    installDriver: nothing, // the worker's Appium has its driver
    startAppiumServer: nothing, // the worker's Appium is up
    stopAppiumServer: nothing, // it ends by pattern, and so ends the neighbour's
    isEmulatorInstalled: async () => true,
    startAndroidEmulator: nothing,
    getActiveAndroidDevices: async () => 1, // the phone is chosen
    getAppBundleId: async () => settings.appPackage, // asks macOS
  };
  for (const [name, value] of Object.entries(instead)) {
    if (typeof module.exports[name] === 'function') {
      replace(module, name, value);
      seen.helpers.push(name);
    }
  }
  const details = module.exports.getApkDetails;
  if (typeof details === 'function') {
    // the same binary for every test of the process: asking aapt once is enough
    const known = new Map();
    replace(module, 'getApkDetails', (file) => {
      if (!known.has(file)) known.set(file, details(file));
      return known.get(file);
    });
  }
}

function adaptConfig(module) {
  const defineConfig = module.exports.defineConfig;
  if (typeof defineConfig !== 'function') return;
  replace(module, 'defineConfig', (...args) => {
    const config = defineConfig(...args);
    for (const project of config.projects || []) {
      if (project.name !== settings.project || !project.use) continue;
      project.use.buildPath = settings.appPath;
      seen.provider = (project.use.device && project.use.device.provider) || null;
    }
    if (refusesDevice(module)) hideDevices(config.projects || []);
    return config;
  });
  seen.config = true;
}

// ---- Playwright from 1.60 on ----

/**
 * Whether Playwright refuses a config whose `use` has the name of a fixture that is no option:
 * `device` is AppWright's setting and its fixture.
 */
function refusesDevice(module) {
  const [major, minor] = module.require('@playwright/test/package.json').version.split('.').map(Number);
  return major > 1 || minor >= 60;
}

/** The setting of each project: Playwright does not see it, AppWright does. */
const hidden = new Map();

function hideDevices(projects) {
  for (const { name, use } of projects) {
    if (!use || !use.device) continue;
    hidden.set(name, use.device);
    delete use.device;
  }
}

/** AppWright makes a provider for a project before it reads the setting anywhere else. */
function adaptProviders(module) {
  const make = module.exports.createDeviceProvider;
  if (typeof make !== 'function') return;
  replace(module, 'createDeviceProvider', (project, ...more) => {
    if (hidden.has(project.name) && !project.use.device) {
      Object.defineProperty(project.use, 'device', { value: hidden.get(project.name), configurable: true });
    }
    return make(project, ...more);
  });
}

function providerName(filename) {
  const match = /[/\\]providers[/\\](?:device[/\\])?(emulator|local|browserstack|lambdatest)[/\\]index\.js$/.exec(filename);
  return match ? { emulator: 'emulator', local: 'local-device' }[match[1]] || match[1] : null;
}

function adaptProvider(module, name) {
  const classes = Object.values(module.exports).filter(
    (v) =>
      typeof v === 'function' &&
      v.prototype &&
      typeof v.prototype.createConfig === 'function' &&
      typeof v.prototype.getDevice === 'function',
  );
  if (classes.length !== 1) {
    if (settings.providers.includes(name)) {
      seen.problems.push(`dist/providers/${name} has ${classes.length} classes with getDevice and createConfig, not one`);
    }
    return;
  }
  const prototype = classes[0].prototype;
  const test = name === 'browserstack' ? adaptCloudReports(prototype, module) : null;
  const adapt = test ? (config) => adaptCloud(config, test) : adaptLocal;
  const createConfig = prototype.createConfig;
  prototype.createConfig = function (...args) {
    this.__qgjobConfigured = true;
    if (name === 'browserstack') announceUpload(this.project);
    const made = createConfig.apply(this, args);
    if (made && typeof made.then === 'function') return made.then((c) => adapt(c));
    if (made === undefined) {
      adapt(this.config); // older ones keep it in a field
      return made;
    }
    return adapt(made);
  };
  const getDevice = prototype.getDevice;
  prototype.getDevice = async function (...args) {
    this.__qgjobConfigured = false;
    let device;
    await endAbandoned();
    const permit = await permitted(test);
    const asked = performance.now();
    try {
      device = await getDevice.apply(this, args);
    } catch (e) {
      await tellGate('ended', permit);
      if (String(e && e.message).startsWith(MARK)) throw e;
      if (/BROWSERSTACK_INVALID_APP/.test(e && e.message)) fs.writeFileSync(`${settings.sessions}/../unknown-app`, '');
      throw fault('session', `no session on ${settings.slot}: ${String((e && e.message) || e).replace(/\s*\n\s*/g, ' ')}`, e);
    } finally {
      fs.rmSync(openingNote(), { force: true });
      if (test) noteOpening(test, performance.now() - asked);
    }
    if (permit) {
      permits.set(device, permit);
      await tellGate('opened', permit);
    }
    if (!this.__qgjobConfigured) {
      throw fault('adapter', 'AppWright opened a session without createConfig: it cannot be told which phone to use');
    }
    remember(device, specOf(module));
    return device;
  };
  if (name === 'browserstack' && typeof prototype.globalSetup === 'function') {
    prototype.globalSetup = async function () {
      announceUpload(this.project); // the worker uploaded the build: once per digest, not once per process
    };
  }
  seen.providers.push(name);
}

function adaptLocal(config) {
  if (!config || typeof config.capabilities !== 'object' || config.capabilities === null) {
    throw fault('adapter', "AppWright's createConfig gives no capabilities: its shape is not known");
  }
  const capabilities = { ...config.capabilities };
  for (const [name, value] of Object.entries(settings.capabilities)) {
    if (value === null) delete capabilities[name];
    else capabilities[name] = value;
  }
  // without a binary to look at the driver cannot install it again; it needs to know what to start
  if (settings.keepApp && capabilities['appium:appActivity'] && capabilities['appium:appPackage']) {
    delete capabilities['appium:app'];
  }
  if (settings.keepApp && capabilities['appium:fullReset']) {
    throw fault('adapter', 'the session would still install the app for every test');
  }
  // the next thing that AppWright does with it is to ask for a session
  fs.writeFileSync(openingNote(), '');
  return Object.assign(config, {
    protocol: 'http',
    hostname: settings.appium.host,
    port: settings.appium.port,
    path: settings.appium.path,
    logLevel: config.logLevel || 'warn',
    // the server is on this machine: a session that cannot be had is not had by asking three times
    connectionRetryCount: 0,
    connectionRetryTimeout: settings.sessionTimeoutMs,
    capabilities,
  });
}

function announceUpload(project) {
  process.env[`BROWSERSTACK_APP_URL_${String(project.name).toUpperCase()}`] = settings.appUrl;
}

/** The job whose test runs now: null where none does, as in a fixture that many tests share. */
function jobOf(test) {
  const info = infoOf(test);
  if (!info) return null;
  const job = settings.jobs[specIn(info)];
  return job ? { ...job, title: info.titlePath.join(' › ') } : null;
}

/** The running test's spec, as the worker names it. */
function specIn(info) {
  const spec = path.relative(process.cwd(), path.resolve(info.config.rootDir, info.titlePath[0]));
  return spec.split(path.sep).join('/');
}

/** The spec on whose behalf something happens; empty where that is not known. */
function specOf(module) {
  try {
    return specIn(module.require('@playwright/test').test.info());
  } catch {
    return '';
  }
}

function sessionNameOf(job) {
  return `${job.title} · ${job.job} attempt ${job.attempt}`.slice(0, 250);
}

function adaptCloud(config, test) {
  if (!config || typeof config.capabilities !== 'object' || config.capabilities === null) {
    throw fault('adapter', "AppWright's createConfig gives no capabilities: its shape is not known");
  }
  config.capabilities['appium:app'] = settings.appUrl;
  const options = config.capabilities['bstack:options'];
  const job = jobOf(test) || { ...Object.values(settings.jobs)[0], title: 'several tests' };
  if (options) {
    config.capabilities['bstack:options'] = { ...options, ...settings.cloudOptions, buildName: `qgjob ${job.run}`, sessionName: sessionNameOf(job) };
  }
  for (const [name, value] of Object.entries(settings.capabilities)) {
    if (value === null) delete config.capabilities[name];
    else config.capabilities[name] = value;
  }
  return Object.assign(config, settings.hub || {}, {
    connectionRetryCount: 0,
    connectionRetryTimeout: settings.sessionTimeoutMs,
  });
}

/**
 * What AppWright tells BrowserStack of a test, and fetches: a help, which changes no verdict.
 * Returns Playwright's test.
 */
function adaptCloudReports(prototype, module) {
  const { test } = module.require('@playwright/test');
  const tell = prototype.syncTestDetails;
  if (typeof tell === 'function') {
    prototype.syncTestDetails = async function (details) {
      if (!this.sessionId) return undefined; // the test asked for no device
      // later versions say the name with the status again, and send the status alone
      const told = details.status ? verdictOf(test, details) : named(test, details);
      const answer = await tell
        .call(this, told)
        .catch((e) => console.error(`BrowserStack was not told of the test: ${e.message}`));
      if (details.status) {
        await attachLinks(this, test).catch((e) => console.error(`BrowserStack's links were not had: ${e.message}`));
      }
      return answer;
    };
  }
  // AppWright waits ten seconds for each video, and fails the test that has none; it is the
  // provider's own method in early versions, and the class's in later ones
  for (const owner of [prototype, prototype.constructor]) {
    if (typeof owner.downloadVideo === 'function') owner.downloadVideo = async () => null;
  }
  return test;
}

function named(test, details) {
  const job = jobOf(test);
  return job ? { ...details, name: sessionNameOf(job) } : details;
}

/** BrowserStack knows passed and failed, and refuses the test that is told to have timed out. */
function verdictOf(test, details) {
  const { status, expectedStatus } = test.info();
  // eslint-disable-next-line no-control-regex
  const reason = String(details.reason || status).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '').replace(/\s+/g, ' ');
  return { status: status === expectedStatus ? 'passed' : 'failed', reason: reason.slice(0, 250) };
}

/** Where video, logs and the session's page are, of which BrowserStack may still be making some. */
async function attachLinks(provider, test) {
  await provider.getSessionDetails();
  const { hashed_id: id, name, build_name: build, device, os_version: version } = provider.sessionDetails;
  const links = Object.entries(provider.sessionDetails).filter(([, value]) => /^https?:/.test(value));
  await test.info().attach('browserstack-session.json', {
    body: JSON.stringify({ id, name, build, device, version, ...Object.fromEntries(links) }, null, 2),
    contentType: 'application/json',
  });
}

// ---- parallels: the worker has a permit for each session, or says when there is one ----

const permits = new WeakMap();
const TELL_EVERY_MS = 60_000;

/** Waits for the permit of a session, and gives the time back to the test. Null where none is needed. */
async function permitted(test) {
  if (!settings.gate) return null;
  const began = performance.now();
  let told = began;
  const info = infoOf(test);
  const timeout = info && info.timeout;
  // the test is not to be cut off while it has nothing to run on
  if (timeout) info.setTimeout(timeout + 24 * 3_600_000);
  try {
    for (;;) {
      const answer = await fetch(`${settings.gate}/take?pid=${process.pid}`, { method: 'POST' });
      const said = await answer.json();
      if (answer.status === 200) return said.permit;
      if (answer.status !== 202) throw fault('session', `no session on ${settings.slot}: ${said.error}`);
      if (performance.now() - told > TELL_EVERY_MS) {
        told = performance.now();
        console.log(`waiting for a parallel: ${said.waits}`);
      }
    }
  } finally {
    if (timeout) info.setTimeout(timeout + Math.round(performance.now() - began));
  }
}

async function tellGate(what, permit) {
  if (permit) await fetch(`${settings.gate}/${what}?permit=${permit}`, { method: 'POST' }).catch(() => {});
}

/** Null where no test runs, as in a fixture that many tests share. */
function infoOf(test) {
  try {
    return test.info();
  } catch {
    return null;
  }
}

/** The reporter, in another process, adds them up. */
function noteOpening(test, ms) {
  const info = infoOf(test);
  if (info) info.annotations.push({ type: 'qgjob:opening', description: String(Math.round(ms)) });
}

// ---- open sessions: ended by the worker when this process cannot end them any more ----

const own = new Set();

/** The reporter reads whose it is: a session that is open in another spec was not ended by its own. */
function remember(device, spec) {
  const note = sessionNote(device);
  if (!note) return;
  own.add(path.basename(note));
  fs.writeFileSync(note, JSON.stringify({ pid: process.pid, spec, cloud: !settings.appium }));
}

/** Lies there while a session is being opened: should this process be ended then, its id is not known. */
function openingNote() {
  return path.join(settings.sessions || '.', `opening_${process.pid}`);
}

/** Sessions of a process that died (a test may end its own) still hold the phone. */
async function endAbandoned() {
  if (!settings.sessions) return;
  const { url, headers } = webdriver();
  for (const id of fs.readdirSync(settings.sessions)) {
    if (own.has(id)) continue;
    if (!id.startsWith('opening_')) {
      await fetch(`${url}/session/${id}`, { method: 'DELETE', headers }).catch(() => {});
    }
    fs.rmSync(path.join(settings.sessions, id), { force: true });
  }
}

/** The server that has the sessions. */
function webdriver() {
  if (settings.appium) {
    const { host, port, path: base } = settings.appium;
    return { url: `http://${host}:${port}${base.replace(/\/$/, '')}`, headers: {} };
  }
  const { protocol, hostname, port } = { protocol: 'https', hostname: 'hub.browserstack.com', port: 443, ...settings.hub };
  const account = `${process.env.BROWSERSTACK_USERNAME}:${process.env.BROWSERSTACK_ACCESS_KEY}`;
  return {
    url: `${protocol}://${hostname}:${port}/wd/hub`,
    headers: { Authorization: `Basic ${Buffer.from(account).toString('base64')}` },
  };
}

/** The driver's client of a Device: its name changed between 0.1.16 and 0.1.22. */
function clientOf(device) {
  return (device && (device.webDriverClient || device.webdriverClient)) || {};
}

function sessionNote(device) {
  const id = clientOf(device).sessionId;
  return id && settings.sessions ? path.join(settings.sessions, id) : null;
}

/**
 * From 0.1.16 on a persistentDevice notes its session for AppWright's reporter of videos; until
 * 0.1.36 in a folder that only Playwright's HTML report makes, which is not written here.
 */
function adaptFixture(root) {
  if (!fs.existsSync(path.join(root, 'dist', 'reporter.js'))) return;
  fs.mkdirSync(path.join(process.cwd(), 'playwright-report'), { recursive: true });
}

function adaptDevice(module) {
  const Device = module.exports.Device;
  if (!Device || !Device.prototype || typeof Device.prototype.close !== 'function') return;
  const close = Device.prototype.close;
  const { test } = module.require('@playwright/test');
  Device.prototype.close = async function (...args) {
    await screenshot(this, test).catch(() => {}); // a picture is a help, not a condition
    const note = sessionNote(this);
    try {
      const answer = await close.apply(this, args);
      if (note) fs.rmSync(note, { force: true });
      return answer;
    } finally {
      await tellGate('ended', permits.get(this));
    }
  };
}

async function screenshot(device, test) {
  const info = test.info();
  if (!info.errors.length) return;
  const picture = await clientOf(device).takeScreenshot();
  await info.attach('screenshot', { body: Buffer.from(picture, 'base64'), contentType: 'image/png' });
}

// ---- the hook ----

function adapt(module, filename) {
  const known = appwrightOf(filename);
  if (!known) return;
  seen.package = known.name;
  seen.version = known.version;
  seen.missing = known.missing;
  const inside = path.relative(path.join(known.root, 'dist'), filename).split(path.sep).join('/');
  if (inside === 'providers/appium.js') adaptHelpers(module);
  else if (inside === 'config.js') adaptConfig(module);
  else if (inside === 'providers/index.js') adaptProviders(module);
  else if (inside === 'device/index.js') adaptDevice(module);
  else if (inside === 'fixture/index.js') adaptFixture(known.root);
  else {
    const provider = providerName(filename);
    if (provider) adaptProvider(module, provider);
  }
}

if (settings && !globalThis[KEY]) {
  globalThis[KEY] = { describe };
  const load = Module.prototype.load;
  Module.prototype.load = function (filename) {
    const result = load.call(this, filename);
    adapt(this, filename);
    return result;
  };
  if (settings.cloudApi && typeof globalThis.fetch === 'function') {
    const fetch = globalThis.fetch;
    const cloud = 'https://api-cloud.browserstack.com';
    globalThis.fetch = (input, init) =>
      fetch(typeof input === 'string' && input.startsWith(cloud) ? settings.cloudApi + input.slice(cloud.length) : input, init);
  }
}
