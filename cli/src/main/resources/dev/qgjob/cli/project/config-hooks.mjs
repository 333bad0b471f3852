// How modules of an AppWright config are found and read: the way Playwright does it (import syntax in
// any .js or .ts, no file extensions needed, __dirname there), but with nothing installed.
import { existsSync, readFileSync, statSync } from 'node:fs';
import * as node from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const APPWRIGHT = /^(@[^/]+\/)?appwright(\/.*)?$/;
const ENDINGS = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs', '/index.ts', '/index.js'];
const NAME = /^[A-Za-z_$][\w$]*$/;

export async function resolve(specifier, context, next) {
  if (APPWRIGHT.test(specifier)) {
    return stub('globalThis.__qgjobAppwright', names(specifier, context.parentURL));
  }
  if (/^\.{1,2}\//.test(specifier) && context.parentURL?.startsWith('file:')) {
    const wanted = fileURLToPath(new URL(specifier, context.parentURL));
    const exact = existsSync(wanted) && statSync(wanted).isFile();
    // TypeScript's way: ./x.js may mean ./x.ts
    const tries = [...ENDINGS.map((end) => wanted + end), wanted.replace(/\.([mc]?)js$/, '.$1ts')];
    const found = exact ? wanted : tries.find((file) => existsSync(file) && statSync(file).isFile());
    if (found) return { url: pathToFileURL(found).href, shortCircuit: true };
  }
  try {
    return await next(specifier, context);
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || /^[./#]|^(node|file|data):/.test(specifier)) throw error;
    return stub('globalThis.__qgjobLenient', names(specifier, context.parentURL), specifier);
  }
}

/** A module with just the names that its importer asks for. */
function stub(object, wanted, missing) {
  const lines = [`const it = ${object};`];
  if (missing) lines.push(`globalThis.__qgjobMissing.add(${JSON.stringify(missing)});`);
  wanted.forEach((name, i) => lines.push(`const v${i} = it[${JSON.stringify(name)}]; export { v${i} as ${name} };`));
  lines.push(`export default it;`);
  return { url: 'data:text/javascript,' + encodeURIComponent(lines.join('\n')), format: 'module', shortCircuit: true };
}

function names(specifier, parent) {
  if (!parent?.startsWith('file:')) return [];
  const quoted = specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const clause = new RegExp(`(?:import|export)\\s+(?!type\\b)[^'";]*?\\{([^}]*)\\}\\s*from\\s*['"]${quoted}['"]`, 'g');
  const found = new Set();
  for (const match of readFileSync(fileURLToPath(parent), 'utf8').matchAll(clause)) {
    for (const part of match[1].split(',')) {
      const name = part.trim().split(/\s+/)[0];
      if (NAME.test(name) && name !== 'type' && name !== 'default') found.add(name);
    }
  }
  return [...found];
}

export async function load(url, context, next) {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return next(url, context);
  const file = fileURLToPath(url);
  if (file.endsWith('.json')) {
    return module(`export default ${readFileSync(file, 'utf8')};`);
  }
  const typed = /\.[mc]?ts$/.test(file);
  if (!typed && !file.endsWith('.js')) return next(url, context);
  const written = readFileSync(file, 'utf8');
  const esm = /^\s*(import\b(?!\s*\()|export\b)/m.test(written);
  if (!typed && !esm) return next(url, context);
  const source = typed ? await strip(written, file) : written;
  return module(esm ? surround(source, file) : wrap(source, file));
}

const module = (source) => ({ format: 'module', source, shortCircuit: true });

/** Playwright compiles such a file to CommonJS, where these are known. */
function surround(source, file) {
  const known = { __filename: JSON.stringify(file), __dirname: JSON.stringify(dirname(file)),
    require: `(await import('node:module')).createRequire(${JSON.stringify(file)})` };
  const lacking = Object.entries(known)
    .filter(([name]) => new RegExp(`\\b${name}\\b`).test(source))
    .filter(([name]) => !new RegExp(`\\b(const|let|var|function)\\s+${name}\\b|\\bimport\\b[^;'"]*\\b${name}\\b`).test(source));
  return lacking.map(([name, value]) => `const ${name} = ${value};`).join(' ') + source;
}

/** A TypeScript file in CommonJS. */
const wrap = (source, file) =>
  surround(`const module = { exports: {} }; let exports = module.exports;\n${source}\n;export default module.exports;`, file);

/** Without its types: with node's own means, else the project's, else as it is if it has none. */
async function strip(source, file) {
  const local = node.createRequire(file);
  const ways = [
    () => node.stripTypeScriptTypes(source, { mode: 'transform' }),
    () => {
      const ts = local('typescript');
      return ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
        fileName: file,
      }).outputText;
    },
    () => unlessTyped(source),
  ];
  if (typeof node.stripTypeScriptTypes !== 'function') ways.shift();
  let last;
  for (const way of ways) {
    try {
      return await way();
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function unlessTyped(source) {
  const { default: vm } = await import('node:vm');
  const plain = source.replace(/^\s*import\s+type\b[^;]*;?[ \t]*$/gm, '');
  try {
    // imports and exports are not script syntax: only the rest is tried
    new vm.Script('async () => {' + plain
      .replace(/^\s*import\b[\s\S]*?from\s*['"][^'"]*['"];?/gm, '')
      .replace(/^\s*import\s*['"][^'"]*['"];?/gm, '')
      .replace(/^\s*export\s+default\b/gm, 'const __default =')
      .replace(/^\s*export\s+(?=const|let|var|function|class|async)/gm, '')
      .replace(/\bimport\.meta\b/g, '({})') + '\n}');
  } catch (error) {
    throw new Error('it is TypeScript, and neither this node (22.13 or newer can) nor the project (run npm ci, with typescript in it) can read that');
  }
  return plain;
}
