'use strict';
// Tells on descriptor 3, one JSON object a line, what a Playwright process does, as it does it, so
// that every spec of a batch is reported when it ends and not when the last one does.
const fs = require('node:fs');
const path = require('node:path');

const ADAPTER = Symbol.for('dev.qgjob.adapter');
const SHARED = 'persistentDevice';

// characters of a spec's output that are told, more than its log keeps; then only that it still prints
const MOST_OUTPUT = 10 * 1024 * 1024;
const SIGN_OF_LIFE_MS = 1000;
const MOST_PRINTED_AT_ONCE = 512 * 1024;

// characters of the end of what is not told, which are told when the test has ended
const LAST_PRINTED = 16 * 1024;

// characters of an error's message, and of its code frame; less when errors of the process had many
const MOST_ERROR = 16 * 1024;
const MOST_OF_ERRORS = 4 * 1024 * 1024;
const LEAST_ERROR = 1000;
const MOST_ERRORS_OF_A_TEST = 20;

// beyond that only the first line of a test's last error
const MOST_OF_ALL_ERRORS = 8 * 1024 * 1024;
const LINE_OF_ERROR = 200;

function plain(text) {
  // eslint-disable-next-line no-control-regex
  return text === undefined ? undefined : String(text).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}

class QgjobReporter {
  constructor() {
    this.attachments = 0;
    this.told = new Map();
    this.errorsTold = 0;
  }

  version() {
    return 'v2';
  }

  // else Playwright would add a reporter of its own for the terminal that is not there
  printsToStdio() {
    return true;
  }

  tell(event) {
    let line = Buffer.from(JSON.stringify(event) + '\n');
    while (line.length) {
      try {
        line = line.subarray(fs.writeSync(3, line));
      } catch (e) {
        if (e.code !== 'EAGAIN') throw e;
      }
    }
  }

  file(location) {
    return location ? path.relative(this.root, location.file).split(path.sep).join('/') : undefined;
  }

  onConfigure(config) {
    this.root = process.cwd();
    const adapter = globalThis[ADAPTER];
    this.tell({
      event: 'configured',
      playwright: config.version,
      projects: config.projects.map((p) => p.name),
      adapter: adapter ? adapter.describe() : null,
    });
    // before AppWright's global setup, and before any phone is touched
    const state = adapter && adapter.describe();
    if (process.env.QGJOB_ADAPTER === 'required' && !(state && state.ready && !state.mismatch)) {
      process.exit(86);
    }
    this.awaitApp();
  }

  // the worker installs the app meanwhile; whoever reads on may touch the phone (a global setup)
  awaitApp() {
    const gate = process.env.QGJOB_GATE;
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (gate && !fs.existsSync(gate)) Atomics.wait(never, 0, 0, 10);
  }

  onBegin(suite) {
    const tests = suite.allTests().map((t) => ({
      id: t.id,
      file: this.file(t.location && { file: this.specOf(t) }),
      title: this.titles(t),
      line: t.location.line,
      column: t.location.column,
    }));
    this.tell({ event: 'begin', tests });
    this.leaveFor('whole', this.whole(suite));
    const files = [...new Set(tests.map((t) => t.file))];
    if (files.length > 1) this.leaveFor('alone', files.filter((file) => this.sharesDevice(suite, file)));
  }

  // another process runs them, in another way
  leaveFor(event, files) {
    if (!files.length) return;
    this.tell({ event, files });
    process.exit(87);
  }

  // of the specs of which a part is asked for those whose tests depend on each other
  whole(suite) {
    const named = (name) => (process.env[name] || '').split('\n').filter((f) => f);
    return [
      ...named('QGJOB_IN_PART').filter(
        (file) => this.sharesDevice(suite, file) || this.testsOf(suite, file).some((t) => this.serial(t)),
      ),
      // divided by Playwright, which keeps serial tests together
      ...named('QGJOB_SHARED').filter((file) => this.sharesDevice(suite, file)),
    ];
  }

  testsOf(suite, file) {
    return suite.allTests().filter((t) => this.file({ file: this.specOf(t) }) === file);
  }

  serial(test) {
    for (let s = test.parent; s; s = s.parent) if (s._parallelMode === 'serial') return true;
    return false;
  }

  // whether it names the device that tests share, or asks for it by way of another fixture
  sharesDevice(suite, file) {
    return (
      fs.readFileSync(path.join(this.root, file), 'utf8').includes(SHARED) ||
      this.testsOf(suite, file).some((t) => this.fixturesOf(t).has(SHARED))
    );
  }

  // the names of those that a test is given, and of those that they are made of
  fixturesOf(test) {
    const suites = [];
    for (let s = test.parent; s; s = s.parent) suites.unshift(s);
    const lists = [test._testType, ...suites].flatMap((s) => (s && (s.fixtures || s._use)) || []);
    const all = lists.flatMap((list) => Object.entries((list && list.fixtures) || {}));
    const unasked = all.filter(([, made]) => Array.isArray(made) && made[1] && made[1].auto);
    const hooks = suites.flatMap((s) => [...(s._hooks || []), ...(s._modifiers || [])]);
    const open = [test.fn, ...hooks.map((hook) => hook.fn), ...unasked.map(([, made]) => made)];
    const names = new Set();
    while (open.length) {
      for (const name of this.parameters(open.pop())) {
        if (names.has(name)) continue;
        names.add(name);
        open.push(...all.filter(([other]) => other === name).map(([, made]) => made));
      }
    }
    return names;
  }

  // as Playwright does: it reads what a function wants from its text
  parameters(made) {
    const fn = Array.isArray(made) ? made[0] : made;
    const list = typeof fn === 'function' && /\(([^)]*)/.exec(String(fn));
    return (list && list[1].match(/[A-Za-z_$][\w$]*/g)) || [];
  }

  // a test may be written in a helper that the spec calls: the job is the spec
  specOf(test) {
    for (let s = test.parent; s; s = s.parent) {
      if (s.type === 'file') return s.location ? s.location.file : test.location.file;
    }
    return test.location.file;
  }

  titles(test) {
    const titles = [];
    for (let s = test.parent; s && s.type === 'describe'; s = s.parent) titles.unshift(s.title);
    titles.push(test.title);
    return titles.filter((t) => t);
  }

  onTestBegin(test, result) {
    const file = this.file({ file: this.specOf(test) });
    if (this.spec && file !== this.spec && this.outlived(file)) this.leaveFor('crossed', [file]);
    this.spec = file;
    this.tell({ event: 'testBegin', id: test.id, file, retry: result.retry });
  }

  // whether a device that another spec opened is still open, under whatever name: its fixture goes on
  outlived(file) {
    return this.openSessions().some(({ pid, spec }) => spec && spec !== file && this.lives(pid));
  }

  openSessions() {
    const { sessions } = JSON.parse(process.env.QGJOB_ADAPTER_SETTINGS || '{}');
    if (!sessions || !fs.existsSync(sessions)) return [];
    return fs.readdirSync(sessions).flatMap((id) => {
      try {
        return [JSON.parse(fs.readFileSync(path.join(sessions, id), 'utf8'))];
      } catch {
        return []; // it is gone meanwhile, or still being opened
      }
    });
  }

  lives(pid) {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }

  onTestEnd(test, result) {
    const file = this.file({ file: this.specOf(test) });
    this.lastWords(file);
    this.tell({
      event: 'testEnd',
      id: test.id,
      file,
      title: this.titles(test),
      line: test.location.line,
      column: test.location.column,
      status: result.status,
      expectedStatus: test.expectedStatus,
      outcome: test.outcome(),
      retry: result.retry,
      willRetry:
        result.status !== 'skipped' && result.status !== test.expectedStatus && result.retry < test.retries,
      startTime: +result.startTime,
      duration: result.duration,
      opening: this.opening(result.annotations || test.annotations),
      errors: this.kept(result.errors).map((e) => this.error(e)),
      attachments: result.attachments.map((a) => this.attachment(a)).filter((a) => a),
    });
  }

  // how long the adapter waited until a provider had a phone ready, in milliseconds
  opening(annotations) {
    return annotations
      .filter((a) => a.type === 'qgjob:opening')
      .reduce((sum, a) => sum + Number(a.description), 0);
  }

  // always with the last one, which ended the test: a fault of the phone's or Appium's is there
  kept(errors) {
    if (this.errorsTold >= MOST_OF_ALL_ERRORS) return errors.slice(-1);
    if (errors.length <= MOST_ERRORS_OF_A_TEST) return errors;
    return [...errors.slice(0, MOST_ERRORS_OF_A_TEST - 1), errors[errors.length - 1]];
  }

  error(e) {
    return {
      message: this.errorText(e.message || e.value),
      snippet: this.errorsTold < MOST_OF_ALL_ERRORS ? this.errorText(e.snippet) : undefined,
      file: this.file(e.location),
      line: e.location && e.location.line,
      column: e.location && e.location.column,
    };
  }

  // a spec may throw what it likes, and one worker reads what all of its slots tell
  errorText(text) {
    if (text === undefined) return undefined;
    const whole = String(text);
    if (this.errorsTold >= MOST_OF_ALL_ERRORS) return plain(whole.slice(0, LINE_OF_ERROR).split('\n', 1)[0]);
    const most = this.errorsTold < MOST_OF_ERRORS ? MOST_ERROR : LEAST_ERROR;
    const told = whole.length > most ? whole.slice(0, most) + '\n… cut here, it is too long' : whole;
    this.errorsTold += told.length;
    return plain(told);
  }

  attachment(a) {
    let file = a.path;
    if (!file && a.body) {
      const folder = process.env.QGJOB_ATTACHMENTS;
      if (!folder) return undefined;
      file = path.join(folder, `body-${++this.attachments}`);
      try {
        fs.mkdirSync(folder, { recursive: true });
        fs.writeFileSync(file, a.body);
      } catch {
        return undefined; // for lack of room: the test's end is told without it
      }
    }
    return file ? { name: a.name, contentType: a.contentType, path: path.resolve(file) } : undefined;
  }

  onError(error) {
    this.tell({ event: 'error', ...this.error(error) });
  }

  onStdOut(chunk, test) {
    this.output('stdout', chunk, test);
  }

  onStdErr(chunk, test) {
    this.output('stderr', chunk, test);
  }

  output(stream, chunk, test) {
    const file = test ? this.file({ file: this.specOf(test) }) : undefined;
    const whole = Buffer.isBuffer(chunk) ? chunk.toString('utf8') : String(chunk);
    const atOnce =
      whole.length > MOST_PRINTED_AT_ONCE
        ? whole.slice(0, MOST_PRINTED_AT_ONCE) + '\n… cut here, it prints too much at once\n'
        : whole;
    const text = this.shortened(file, atOnce, whole);
    if (text !== undefined) this.tell({ event: stream, file, text: plain(text) });
  }

  shortened(file, text, whole) {
    const told = this.told.get(file) || { chars: 0, at: 0, last: '' };
    this.told.set(file, told);
    if (told.chars < MOST_OUTPUT) {
      told.chars += text.length;
      return told.chars < MOST_OUTPUT ? text : text.slice(0, 1000) + '\n… cut here, it prints too much\n';
    }
    told.last = (told.last + whole.slice(-LAST_PRINTED)).slice(-LAST_PRINTED);
    if (Date.now() - told.at < SIGN_OF_LIFE_MS) return undefined;
    told.at = Date.now();
    return '';
  }

  // what was printed last, in whole lines: a secret that was cut would not be known as one
  lastWords(file) {
    const told = this.told.get(file);
    if (!told || !told.last) return;
    const text = told.last.length < LAST_PRINTED ? told.last : told.last.slice(told.last.indexOf('\n') + 1 || told.last.length);
    told.last = '';
    this.tell({ event: 'stdout', file, text: plain(text) });
  }

  onEnd(result) {
    this.tell({ event: 'end', status: result.status });
  }
}

module.exports = QgjobReporter;
