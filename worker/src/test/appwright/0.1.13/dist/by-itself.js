'use strict';
// The stand-in's witness: what AppWright would do to the host by itself is noted, and not done.
const fs = require('node:fs');
exports.byItself = (what) => fs.appendFileSync('by-itself.txt', `${what}\n`);
