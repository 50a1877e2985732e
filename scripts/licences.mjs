/**
 * `npm run licences` writes docs/licences.md: every package that an installation of ours brings along, and its licence, read
 * from what is installed. `-- --check` writes nothing and fails where the page is not up to date. Both fail where a licence is
 * not on the list below.
 */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from './run-tool.mjs';

/** Licences that ask for no more than their text and the names of the authors to be kept. */
const permissive = [
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
];

/** Packages with another licence that we may use all the same: name -> why. */
const exceptions = {};

const page = 'docs/licences.md';

const heading = `# Licences of what we install

Made by \`npm run licences\` from the installed packages. A test holds it up to date and refuses a licence that is not permissive:
${permissive.slice(0, -1).join(', ')} or ${permissive.at(-1)}; of a choice one of these, of several
licences all. PatchBERT itself is MIT.

Not in these tables, for npm does not bring them: the TensorFlow library (Apache-2.0) and the CUDA libraries (NVIDIA's own
terms) that \`patchbert-node-gpu install\` fetches when you ask for it. The data sets that come with \`@patchbert/datasets\` are CC BY
4.0, as [its README](../packages/datasets/README.md) says.
`;

const check = process.argv.includes('--check');
const folder = process.argv.slice(2).find((argument) => !argument.startsWith('--')) ?? root;

const always = dependenciesOf(folder, false);
const optional = new Map([...dependenciesOf(folder, true)].filter(([id]) => !always.has(id)));
const text = [
  heading,
  '## What every installation may bring',
  table(always),
  '## What comes with an engine that you add yourself',
  table(optional),
].join('\n');

const refused = [...always.values(), ...optional.values()].filter(
  ({ name, licence }) => !isPermissive(licence) && !Object.hasOwn(exceptions, name),
);
for (const { name, version, licence } of refused) {
  console.error(`${name} ${version} has the licence ${JSON.stringify(licence)}, which is not on the list.`);
}
const path = join(folder, page);
const current = existsSync(path) && readFileSync(path, 'utf8') === text;
if (check && !current) console.error(`${page} is not up to date: npm run licences`);
if (!check) writeFileSync(path, text);
process.exitCode = refused.length > 0 || (check && !current) ? 1 : 0;

/**
 * All that the published packages need, and what that needs in turn.
 *
 * @param {string} workspace
 * @param {boolean} withOptional also peers that users may leave out
 * @returns {Map<string, { name: string, version: string, licence: string, ranges: Set<string> }>} by name and version, sorted
 */
function dependenciesOf(workspace, withOptional) {
  const found = new Map();
  const ours = ['packages', 'apps'].flatMap((parent) => foldersIn(join(workspace, parent)));
  const names = ours.map((one) => manifestOf(one).name);
  for (const one of ours) if (manifestOf(one).private !== true) visit(one);
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));

  function visit(needing) {
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } =
      manifestOf(needing);
    const needed = { ...peerDependencies, ...optionalDependencies, ...dependencies };
    for (const [name, range] of Object.entries(needed)) {
      const isOptional =
        peerDependenciesMeta?.[name]?.optional === true && dependencies?.[name] === undefined;
      if (names.includes(name) || (isOptional && !withOptional)) continue;
      const place = installedAt(needing, name);
      if (place === undefined) {
        if (isOptional) continue;
        throw new Error(`${name}, which ${needing} needs, is not installed`);
      }
      const { version, license } = manifestOf(place);
      const id = `${name} ${version}`;
      const known = found.get(id);
      // Our manifests say "catalog:" where they are not packed yet: the version that is installed, then.
      const asked = range === 'catalog:' ? version : range;
      if (known !== undefined) {
        known.ranges.add(asked);
        continue;
      }
      found.set(id, { name, version, licence: String(license), ranges: new Set([asked]) });
      visit(place);
    }
  }
}

/** Where Node would find a package from a folder, as a real path. */
function installedAt(from, name) {
  for (let at = realpathSync(from); ; at = dirname(at)) {
    const place = join(at, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (at === dirname(at)) return undefined;
  }
}

/** Whether an SPDX expression allows use under permissive terms alone. */
function isPermissive(licence) {
  const plain = licence.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(plain)) return false;
  return plain
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((one) => permissive.includes(one.trim())));
}

function table(packages) {
  const rows = [...packages.values()].map(({ name, version, licence, ranges }) => [
    `\`${name}\``,
    [...ranges].sort().join(', ').replaceAll('|', '\\|'),
    version,
    Object.hasOwn(exceptions, name) ? `${licence}: ${exceptions[name]}` : licence.replace(/^\((.*)\)$/, '$1'),
  ]);
  const header = ['Package', 'Asked for', 'Installed here', 'Licence'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column].length)),
  );
  const line = (cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return `\n${[line(header), rule, ...rows.map(line)].join('\n')}\n`;
}

function foldersIn(parent) {
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .map((name) => join(parent, name))
    .filter((one) => existsSync(join(one, 'package.json')))
    .sort();
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}
