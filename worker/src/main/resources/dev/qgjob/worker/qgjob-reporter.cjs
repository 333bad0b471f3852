'use strict';
// Tells on descriptor 3, one JSON object a line, what a Playwright process does, as it does it, so
// that every spec of a batch is reported when it ends and not when the last one does.
const fs = require('node:fs');
const path = require('node:path');

const ADAPTER = Symbol.for('dev.qgjob.adapter');

function plain(text) {
  // eslint-disable-next-line no-control-regex
  return text === undefined ? undefined : String(text).replace(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}

class QgjobReporter {
  constructor() {
    this.attachments = 0;
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
    const files = this.whole(suite);
    if (files.length) {
      this.tell({ event: 'whole', files });
      process.exit(87);
    }
  }

  // of the specs of which a part is asked for those whose tests depend on each other
  whole(suite) {
    const named = (name) => (process.env[name] || '').split('\n').filter((f) => f);
    const serial = (file) =>
      suite.allTests().some((t) => this.file({ file: this.specOf(t) }) === file && this.serial(t));
    return [
      ...named('QGJOB_IN_PART').filter((file) => this.sharesDevice(file) || serial(file)),
      // divided by Playwright, which keeps serial tests together
      ...named('QGJOB_SHARED').filter((file) => this.sharesDevice(file)),
    ];
  }

  serial(test) {
    for (let s = test.parent; s; s = s.parent) if (s._parallelMode === 'serial') return true;
    return false;
  }

  sharesDevice(file) {
    return fs.readFileSync(path.join(this.root, file), 'utf8').includes('persistentDevice');
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
    this.tell({ event: 'testBegin', id: test.id, file: this.file({ file: this.specOf(test) }), retry: result.retry });
  }

  onTestEnd(test, result) {
    this.tell({
      event: 'testEnd',
      id: test.id,
      file: this.file({ file: this.specOf(test) }),
      title: this.titles(test),
      line: test.location.line,
      column: test.location.column,
      status: result.status,
      expectedStatus: test.expectedStatus,
      outcome: test.outcome(),
      retry: result.retry,
      willRetry:
        result.status !== 'skipped' && result.status !== test.expectedStatus && result.retry < test.retries,
      duration: result.duration,
      errors: result.errors.map((e) => this.error(e)),
      attachments: result.attachments.map((a) => this.attachment(a)).filter((a) => a),
    });
  }

  error(e) {
    return {
      message: plain(e.message || e.value),
      snippet: plain(e.snippet),
      file: this.file(e.location),
      line: e.location && e.location.line,
      column: e.location && e.location.column,
    };
  }

  attachment(a) {
    let file = a.path;
    if (!file && a.body) {
      const folder = process.env.QGJOB_ATTACHMENTS;
      if (!folder) return undefined;
      fs.mkdirSync(folder, { recursive: true });
      file = path.join(folder, `body-${++this.attachments}`);
      fs.writeFileSync(file, a.body);
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
    this.tell({
      event: stream,
      file: test ? this.file({ file: this.specOf(test) }) : undefined,
      text: plain(Buffer.isBuffer(chunk) ? chunk.toString('utf8') : chunk),
    });
  }

  onEnd(result) {
    this.tell({ event: 'end', status: result.status });
  }
}

module.exports = QgjobReporter;
