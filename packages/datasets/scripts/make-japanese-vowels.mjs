// Makes assets/japanese-vowels-train.ts.gz and -test.ts.gz from the files of the UEA archive
// (https://www.timeseriesclassification.com/description.php?Dataset=JapaneseVowels), which hold data set 128 of the UCI Machine
// Learning Repository (https://doi.org/10.24432/C5NS47).
//
//   node packages/datasets/scripts/make-japanese-vowels.mjs <folder with JapaneseVowels_TRAIN.ts and JapaneseVowels_TEST.ts>
//
// What changes: the comments of the archive give way to source and licence. Header and numbers are copied as they are.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const COMMENTS = [
  '# Kudo, M., Toyama, J., Shimbo, M. (1999). Japanese Vowels [Dataset]. UCI Machine Learning Repository.',
  '# https://doi.org/10.24432/C5NS47, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/).',
  '# Changed by PatchBERT: only these comments. In the form of the UEA archive (Bagnall et al. 2018).',
];
const SERIES = { train: 270, test: 370 };

const [folder] = process.argv.slice(2);
if (folder === undefined) fail('pass the folder with the raw files.');

for (const [part, expected] of Object.entries(SERIES)) {
  const raw = readFileSync(join(folder, `JapaneseVowels_${part.toUpperCase()}.ts`));
  const lines = raw
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const series = lines.length - lines.indexOf('@data') - 1;
  if (series !== expected) fail(`the ${part} file has ${series} series; expected ${expected}.`);
  const text = `${[...COMMENTS, ...lines].join('\n')}\n`;
  const packed = gzipSync(text, { level: 9 });
  packed[9] = 255; // "unknown" operating system: the same bytes wherever this runs
  writeFileSync(new URL(`../assets/japanese-vowels-${part}.ts.gz`, import.meta.url), packed);
  console.log(`${part} raw   ${sha256(raw)}`);
  console.log(`${part} text  ${sha256(text)}  ${text.length} bytes`);
  console.log(`${part} asset ${sha256(packed)}  ${packed.length} bytes`);
}

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

function fail(problem) {
  console.error(`make-japanese-vowels: ${problem}`);
  process.exit(1);
}
