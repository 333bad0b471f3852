'use strict';
// Stands in for the client: the few commands that the stand-ins of AppWright send.
exports.newSession = async (options) => {
  const { protocol = 'http', hostname = '127.0.0.1', port, path = '/', capabilities } = options;
  const base = `${protocol}://${hostname}:${port}${path.replace(/\/$/, '')}`;
  const headers = { 'Content-Type': 'application/json' };
  if (options.user) {
    headers.Authorization = `Basic ${Buffer.from(`${options.user}:${options.key}`).toString('base64')}`;
  }
  const send = async (method, at, body) => {
    const answer = await fetch(base + at, { method, headers, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(value.message);
    return value;
  };
  const { sessionId } = await send('POST', '/session', { capabilities: { alwaysMatch: capabilities } });
  const at = `/session/${sessionId}`;
  return {
    sessionId,
    isAndroid: true,
    deleteSession: () => send('DELETE', at),
    takeScreenshot: () => send('GET', `${at}/screenshot`),
    findElements: (using, value) => send('POST', `${at}/elements`, { using, value }),
    executeScript: (script, args) => send('POST', `${at}/execute/sync`, { script, args }),
  };
};
exports.default = { newSession: exports.newSession };
