// Reads the file that Python's library wrote for the tests and writes it again, for examples/python/check_safetensors.py:
//   node packages/safetensors/scripts/rewrite-python-file.mjs <file>
import { readFile, writeFile } from 'node:fs/promises';
import { readSafetensors, writeSafetensors } from '@patchbert/safetensors';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('name the file to write');
const text = await readFile(new URL('../test/python-file.base64', import.meta.url), 'utf8');
const { tensors, metadata } = readSafetensors(Buffer.from(text, 'base64'));
await writeFile(path, writeSafetensors(tensors, metadata));
