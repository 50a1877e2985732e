// Makes assets/beijing-air-quality.csv.gz from the raw file of the UCI Machine Learning Repository,
// data set 381 (https://doi.org/10.24432/C5JS49), "PRSA_data_2010.1.1-2014.12.31.csv" in
// https://archive.ics.uci.edu/static/public/381/beijing+pm2+5+data.zip
//
//   node packages/datasets/scripts/make-beijing-air-quality.mjs <raw file>
//
// What changes: year, month, day and hour become one time stamp; the row number and the wind direction
// (a text) are left out. The numbers are copied as they are written, gaps stay NA.

import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const RAW_HEADER = 'No,year,month,day,hour,pm2.5,DEWP,TEMP,PRES,cbwd,Iws,Is,Ir';
const CHANNELS = ['pm2.5', 'DEWP', 'TEMP', 'PRES', 'Iws', 'Is', 'Ir'];
const ROWS = 43_824;
const HOUR = 3_600_000;
const START = Date.UTC(2010, 0, 1);
const TARGET = new URL('../assets/beijing-air-quality.csv.gz', import.meta.url);

const [rawPath] = process.argv.slice(2);
if (rawPath === undefined) fail('pass the path of the raw file.');

const raw = readFileSync(rawPath);
const [header, ...lines] = raw.toString('utf8').trimEnd().split(/\r?\n/);
if (header.replaceAll('"', '') !== RAW_HEADER) fail(`the header is ${header}; expected ${RAW_HEADER}.`);
if (lines.length !== ROWS) fail(`there are ${lines.length} rows; expected ${ROWS}.`);

const names = RAW_HEADER.split(',');
const rows = lines.map((line, index) => {
  const cells = line.replaceAll('"', '').split(',');
  const cell = (name) => cells[names.indexOf(name)];
  const time = Date.UTC(cell('year'), cell('month') - 1, cell('day'), cell('hour'));
  if (time !== START + index * HOUR) fail(`line ${index + 2} is not the hour after the line before it.`);
  const stamp = new Date(time).toISOString().slice(0, 19).replace('T', ' ');
  return [stamp, ...CHANNELS.map(cell)].join(',');
});

const csv = `${['time', ...CHANNELS].join(',')}\n${rows.join('\n')}\n`;
const packed = gzipSync(csv, { level: 9 });
packed[9] = 255; // "unknown" operating system: the same bytes wherever this runs
writeFileSync(TARGET, packed);
console.log(`raw   ${sha256(raw)}`);
console.log(`csv   ${sha256(csv)}  ${csv.length} bytes`);
console.log(`asset ${sha256(packed)}  ${packed.length} bytes`);

function sha256(content) {
  return createHash('sha256').update(content).digest('hex');
}

function fail(problem) {
  console.error(`make-beijing-air-quality: ${problem}`);
  process.exit(1);
}
