'use strict';
// Runs one command in a process group of its own and ends the whole tree when told to, when the
// command has ended, or when whoever started this launcher is gone or frozen: its standard input is
// the pipe that tells, by its end or by the lack of signs of life. What happens is written to standard output, one line each:
//   p <pid>      the command was started; its process group has the same number
//   o <text>     a line of its standard output
//   e <text>     a line of its standard error
//   r <json>     a line of its descriptor 3, the reporter's channel
//   f <text>     it could not be started
//   x <code>     it ended and so did everything it had started; a signal's name in place of a code
const { spawn } = require('node:child_process');
const fs = require('node:fs');

const LONGEST_LINE = 256 * 1024;
// of the reporter's channel; the reporter keeps below it, and a project of some ten thousand tests does
const LONGEST_REPORT = 4 * 1024 * 1024;
const [command, ...args] = process.argv.slice(2);
const env = { ...process.env };
// what node itself should load is meant for the command, not for its launcher
for (const name of ['NODE_OPTIONS', 'NODE_COMPILE_CACHE']) {
  if (env['QGJOB_CHILD_' + name] !== undefined) {
    env[name] = env['QGJOB_CHILD_' + name];
    delete env['QGJOB_CHILD_' + name];
  }
}
const patience = Number(env.QGJOB_PATIENCE_MS || 0);
delete env.QGJOB_PATIENCE_MS;
const mark = env.QGJOB_MARK || '';

function say(kind, text) {
  try {
    fs.writeSync(1, kind + ' ' + text.replace(/[\r\n]+/g, ' ') + '\n');
  } catch (e) {
    if (e.code === 'EAGAIN') {
      say(kind, text); // the reader is slow, and a pipe is short
    } else {
      end();
    }
  }
}

function lines(stream, kind) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (chunk) => {
    rest += chunk;
    let at;
    while ((at = rest.indexOf('\n')) >= 0) {
      say(kind, rest.slice(0, at));
      rest = rest.slice(at + 1);
    }
    if (kind === 'r') {
      // never cut: it would not be JSON any more; and nothing is left out, or a verdict might be wrong
      if (rest.length > LONGEST_REPORT) {
        rest = '';
        stream.destroy();
        say('e', `ended: a line of its report has more than ${LONGEST_REPORT >> 20} MiB`);
        killAll();
      }
    } else if (rest.length > LONGEST_LINE) {
      say(kind, rest);
      rest = '';
    }
  });
  stream.on('end', () => {
    if (rest) say(kind, rest);
  });
  stream.on('error', () => {});
}

// all processes but this one; none where there is no /proc
function others() {
  try {
    return fs.readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name) && Number(name) !== process.pid);
  } catch {
    return [];
  }
}

function holds(pid, condition) {
  try {
    return condition('/proc/' + pid);
  } catch {
    return false; // gone, or not ours
  }
}

// those that left the group (a session of their own) still carry the mark in their environment, or
// have a parent that does
function marked() {
  if (!mark) return [];
  const needle = Buffer.from('QGJOB_MARK=' + mark + '\0');
  const ours = new Set([process.pid]);
  let rest = [];
  for (const pid of others()) {
    if (holds(pid, (at) => fs.readFileSync(at + '/environ').includes(needle))) ours.add(Number(pid));
    else rest.push({ pid: Number(pid), parent: parentOf(pid) });
  }
  for (let before = 0; before !== ours.size; ) {
    before = ours.size;
    rest = rest.filter(({ pid, parent }) => !(ours.has(parent) && ours.add(pid)));
  }
  ours.delete(process.pid);
  return [...ours];
}

function parentOf(pid) {
  let parent = -1;
  holds(pid, (at) => {
    const stat = fs.readFileSync(at + '/stat', 'latin1');
    parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  });
  return parent;
}

// what the command writes to, as all see it who have it from there; whatever it put there itself is
// no socket or its own
function outputsOf(pid) {
  return [1, 2, 3].flatMap((fd) => {
    let link;
    holds(pid, (at) => {
      link = fs.readlinkSync(at + '/fd/' + fd);
    });
    return link && link.startsWith('socket:') ? [link] : [];
  });
}

// those that have neither mark nor parent any more, and hold what the command wrote to
function killHolders() {
  for (const pid of others()) {
    const one = holds(pid, (at) =>
      fs.readdirSync(at + '/fd').some((fd) => holds(pid, () => outputs.includes(fs.readlinkSync(at + '/fd/' + fd)))),
    );
    if (one) kill(Number(pid));
  }
}

const HOLD_MS = 250;
let child;
let outputs = [];
let over = false;

function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // gone meanwhile
  }
}

function killAll() {
  const found = marked(); // while they have their parents
  if (child && child.pid) kill(-child.pid);
  found.forEach(kill);
  marked().forEach(kill); // those that came meanwhile
}

function end() {
  if (over) return;
  over = true;
  killAll();
  process.exit(1);
}

let heard = process.hrtime.bigint();
const silentMs = () => Number((process.hrtime.bigint() - heard) / 1000000n);

// whoever should end the command is frozen: its right to run may be gone before it can know
function endIfForsaken() {
  if (silentMs() < patience) return;
  // this process may have been the one that slept: what came meanwhile is read first
  setImmediate(() => setImmediate(() => {
    if (silentMs() >= patience) end();
  }));
}
if (patience > 0) setInterval(endIfForsaken, Math.max(20, patience / 20)).unref();
process.stdin.on('data', () => {
  heard = process.hrtime.bigint();
});
process.stdin.on('end', end);
process.stdin.on('close', end);
process.stdin.on('error', end);
process.stdin.resume();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, end);

child = spawn(command, args, {
  detached: true,
  env,
  stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
});
if (child.pid) {
  outputs = outputsOf(child.pid);
  say('p', String(child.pid));
}
child.on('error', (e) => {
  say('f', e.message);
  over = true;
  process.exit(1);
});
lines(child.stdout, 'o');
lines(child.stderr, 'e');
lines(child.stdio[3], 'r');
let exit;
// a grandchild may hold the pipes open after its parent's end: it dies first, then they close
child.on('exit', (code, signal) => {
  exit = code === null ? signal : String(code);
  killAll();
  setInterval(killHolders, HOLD_MS);
});
child.on('close', () => {
  over = true;
  say('x', exit);
  process.exit(0);
});
