// Writes src/schema.d.ts from the OpenAPI document, or checks that it is what would be written.
//
//   node scripts/schema.mjs write|check [openapi.json]
//
// Without a file, the document comes from `eggypro openapi`. EGGYPRO_BINARY names the program; by default it is the one
// that cargo has built in this repository.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const [command, file] = process.argv.slice(2);
if (command !== 'write' && command !== 'check') throw new Error('usage: node scripts/schema.mjs write|check [openapi.json]');
const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url));

function readDocument() {
  if (file) return readFileSync(file, 'utf8');
  const target = process.env.CARGO_TARGET_DIR ?? pathOf('../../../target');
  const binary = process.env.EGGYPRO_BINARY ?? `${target}/debug/eggypro`;
  return execFileSync(binary, ['openapi'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
}

// Every failure is a `Problem`, which the client throws. Without failures, headers and examples of answers, the file has a
// tenth of its size.
function shortened(document) {
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      for (const [status, response] of Object.entries(operation.responses ?? {})) {
        if (Number(status) >= 300) delete operation.responses[status];
        delete response.headers;
        for (const content of Object.values(response.content ?? {})) delete content.example;
      }
    }
  }
  return document;
}

const blob = ts.factory.createTypeReferenceNode('Blob');
const types = await openapiTS(shortened(JSON.parse(readDocument())), {
  // Otherwise a field of a body that has a default would be required.
  defaultNonNullable: false,
  // Otherwise a file would be a string.
  transform: (schema) => (schema.format === 'binary' ? blob : undefined),
});
const heading = '// Generated from the OpenAPI document by `npm run generate`. Do not edit.\n\n';
const text = heading + astToString(types);

const path = pathOf('../src/schema.d.ts');
if (command === 'write') {
  writeFileSync(path, text);
} else if (readFileSync(path, 'utf8') !== text) {
  console.error('src/schema.d.ts differs from the OpenAPI document: run `npm run generate`, and read the difference.');
  process.exit(1);
}
