/**
 * `npm run pretrain`, `npm run finetune`, `npm run bench`, `npm run fuzz` and `npm test`, also on a fresh clone: checks Node, installs
 * and builds what is not current, then becomes the program.
 *
 * Only Node's own modules are used here, for nothing is installed yet when it first runs.
 */
const [command, ...args] = process.argv.slice(2);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`PatchBERT needs Node 20.19 or newer; this is Node ${process.versions.node}.`);
  process.exit(1);
}

const programs = {
  pretrain: 'apps/pretrain',
  finetune: 'apps/finetune',
  bench: 'bench',
  fuzz: 'fuzz',
  'node-gpu': 'packages/backend-node-gpu',
};
if (command !== 'test' && !Object.hasOwn(programs, command ?? '')) {
  console.error('usage: node scripts/start.mjs pretrain|finetune|bench|fuzz|node-gpu|test [arguments]');
  process.exit(1);
}

const { install } = await import('./install.mjs');
const { build } = await import('./build.mjs');

await install();
if (command === 'test') {
  const { check } = await import('./check.mjs');
  await check(args);
} else {
  await build(programs[command]);
  const { runProgram } = await import('./run-program.mjs');
  await runProgram(command, `${programs[command]}/dist/main.js`, args);
}
