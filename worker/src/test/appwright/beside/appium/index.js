'use strict';
// Stands in for Appium: notes each request in APPIUM_HOME, and answers as a session would.
const fs = require('node:fs');
const http = require('node:http');
const path = require('node:path');

const option = (name) => process.argv[process.argv.indexOf(name) + 1];
const notes = path.join(process.env.APPIUM_HOME, 'requests.jsonl');
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABh6FO1AAAAABJRU5ErkJggg==';
let sessions = 0;

function answer(method, url) {
  if (url === '/status') return { ready: true };
  if (method === 'POST' && url === '/session') {
    const sessionId = `s${++sessions}-of-${process.pid}`;
    return { sessionId, capabilities: { platformName: 'android' } };
  }
  if (url.endsWith('/screenshot')) return PNG;
  return url.endsWith('/elements') ? [] : null;
}

const server = http.createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    const { method, url } = request;
    const value = answer(method, url);
    if (url !== '/status') {
      fs.appendFileSync(notes, `${JSON.stringify({ method, url, body: JSON.parse(text || '{}'), value })}\n`);
    }
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify({ value }));
  });
});
server.listen(Number(option('--port')), option('--address'), () =>
  console.log('Appium REST http interface listener started on fake'),
);
