// Compiles the TypeScript blocks of README.md against dist, as a user of the package would.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
const folder = 'build/readme';
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const blocks = [...readFileSync('README.md', 'utf8').matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code);
const files = blocks.map((code, index) => {
  // The first block makes the client that the others use.
  const client = code.includes('createClient(') ? '' : "declare const client: import('@eggypro/client').Client;\n";
  const file = `${folder}/block-${index + 1}.ts`;
  writeFileSync(file, `${code}${client}export {};\n`);
  return file;
});
if (files.length === 0) throw new Error('README.md has no TypeScript');
const options = ['--noEmit', '--strict', '--target', 'ES2022', '--module', 'NodeNext', '--types', 'node'];
const { status } = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', ...options, ...files], { stdio: 'inherit' });
if (status !== 0) process.exit(1);
console.log(`${files.length} blocks compile`);
