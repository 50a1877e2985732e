import { isBuiltin } from 'node:module';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { importedModules, loadedModules } from './support/syntax.ts';
import {
  filesUnder,
  libraryPackages,
  type WorkspacePackage,
  workspacePackages,
} from './support/workspace.ts';

/** Which package may use which. An arrow that is not here needs a reason in ARCHITECTURE.md first. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  random: ['errors'],
  safetensors: ['errors'],
  ops: ['errors', 'random'],
  encoder: ['errors', 'ops', 'random'],
  data: ['errors', 'random'],
  datasets: ['data', 'errors'],
  backend: ['errors', 'ops'],
  'backend-contract': ['backend', 'encoder', 'errors', 'ops', 'random', 'tracer', 'train'],
  tracer: ['errors', 'ops'],
  'backend-node-gpu': ['backend', 'errors'],
  'backend-webgl': ['backend'],
  'backend-webgpu': ['backend', 'errors'],
  'backend-wasm': ['backend', 'errors'],
  onnx: ['backend', 'errors', 'ops', 'tracer'],
  'backend-onnx': ['backend', 'errors', 'onnx', 'ops', 'tracer'],
  train: ['backend', 'data', 'encoder', 'errors', 'onnx', 'ops', 'random', 'safetensors'],
  report: [],
  augment: ['errors', 'random'],
  evaluation: ['errors', 'random'],
  ridge: ['backend', 'errors', 'ops'],
  probe: ['errors'],
  forecast: [
    'backend',
    'data',
    'encoder',
    'errors',
    'evaluation',
    'onnx',
    'ops',
    'random',
    'ridge',
    'safetensors',
    'train',
  ],
  embed: ['backend', 'data', 'encoder', 'errors', 'forecast', 'onnx', 'ops', 'safetensors', 'train'],
  series: ['augment', 'backend', 'data', 'encoder', 'errors', 'ops', 'random', 'train'],
  classify: [
    'augment',
    'backend',
    'data',
    'encoder',
    'errors',
    'evaluation',
    'onnx',
    'ops',
    'probe',
    'random',
    'safetensors',
    'series',
    'train',
  ],
  patchtst: ['backend', 'encoder', 'errors', 'ops', 'random', 'safetensors', 'train'],
  patchbert: ['backend', 'backend-onnx', 'classify', 'data', 'embed', 'errors', 'forecast', 'onnx', 'train'],
  'command-line': [
    'backend',
    'backend-contract',
    'backend-node-gpu',
    'backend-onnx',
    'backend-wasm',
    'backend-webgl',
    'backend-webgpu',
    'data',
    'datasets',
    'errors',
  ],
};

/** Host-side packages: usable without TensorFlow.js, so not even its types. */
const withoutTensorflow = [
  'errors',
  'random',
  'safetensors',
  'data',
  'datasets',
  'report',
  'augment',
  'evaluation',
  'probe',
];

/** Packages that also run in a page: no Node modules. */
const runInAPage = [
  'errors',
  'random',
  'safetensors',
  'ops',
  'encoder',
  'backend',
  'backend-contract',
  'backend-webgl',
  'backend-webgpu',
  'backend-wasm',
  'tracer',
  'onnx',
  'report',
  'augment',
  'evaluation',
  'ridge',
  'probe',
];

/** Packages that are something else in a page, and what bundlers find there: no Node modules behind it either. */
const pageEntries: Readonly<Record<string, string>> = { 'backend-onnx': 'src/page.ts' };

/** Sub-paths that packages offer on purpose; every other import is of a package's root. */
const subPaths = ['@patchbert/train/step'];

/** Those of them that run in a page, whatever else their package holds. */
const subPathsInAPage = ['@patchbert/train/step'];

const scope = '@patchbert/';
const sourceCondition = '@patchbert/source';
type PageSource = string | { readonly browser: string };

/** All that may be loaded in a page. */
const entriesInAPage = [
  ...[...runInAPage, ...Object.keys(pageEntries)].map((name) => scope + name),
  ...subPathsInAPage,
];

describe.each(libraryPackages.map((one) => [one.name, one] as const))('%s', (name, one) => {
  test('has its arrows in the table', () => {
    expect(Object.keys(arrows)).toContain(name);
  });

  test('depends only on packages its arrows allow', () => {
    const runtime = { ...one.manifest.dependencies, ...one.manifest.peerDependencies };
    const used = Object.keys(runtime)
      .filter((dependency) => dependency.startsWith(scope))
      .map((dependency) => dependency.slice(scope.length));
    expect(used.filter((dependency) => !arrows[name]?.includes(dependency))).toEqual([]);
  });

  test('imports what each of its arrows allows', () => {
    const imported = new Set(outsideImports(one).map(({ module }) => packageOf(module)));
    expect((arrows[name] ?? []).filter((target) => !imported.has(scope + target))).toEqual([]);
  });

  test('imports only what its arrows allow', () => {
    const allowed = (arrows[name] ?? []).map((target) => scope + target);
    const wrong = outsideImports(one).filter(
      ({ module }) => module.startsWith(scope) && !allowed.includes(packageOf(module)),
    );
    expect(wrong).toEqual([]);
  });
});

describe.each(workspacePackages.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  test('imports only packages its manifest declares', () => {
    const declared = Object.keys({ ...one.manifest.dependencies, ...one.manifest.peerDependencies });
    const wrong = outsideImports(one).filter(
      ({ module }) => !isBuiltin(module) && !declared.includes(packageOf(module)),
    );
    expect(wrong).toEqual([]);
  });

  test('reaches into no other package', () => {
    const wrong = filesUnder(`${one.folder}/src`, '.ts').flatMap((file) =>
      importedModules(file)
        .filter((module) => isDeepImport(module) || leavesFolder(one.folder, file, module))
        .map((module) => ({ file, module })),
    );
    expect(wrong).toEqual([]);
  });
});

test.each(withoutTensorflow)('%s does not know TensorFlow.js', (name) => {
  const one = packageNamed(name);
  const declared = Object.keys({
    ...one.manifest.dependencies,
    ...one.manifest.peerDependencies,
  });
  expect(declared.filter((dependency) => dependency.startsWith('@tensorflow/'))).toEqual([]);
  expect(outsideImports(one).filter(({ module }) => module.startsWith('@tensorflow/'))).toEqual([]);
});

test.each(runInAPage)('%s uses no Node module', (name) => {
  expect(outsideImports(packageNamed(name)).filter(({ module }) => isBuiltin(module))).toEqual([]);
});

test.each(Object.entries(pageEntries))('%s is another module in a page', (name, entry) => {
  expect(sourceOf(scope + name)).toBe(`${packageNamed(name).folder}/${entry}`);
});

describe.each(entriesInAPage)('%s', (entry) => {
  test('loads nothing of Node, not through others either', () => {
    const wrong = modulesLoadedBy(entry).filter(
      ({ module }) => isBuiltin(module) || module === 'onnxruntime-node',
    );
    expect(wrong).toEqual([]);
  });

  test('loads of our packages only what runs in a page', () => {
    const wrong = modulesLoadedBy(entry).filter(
      ({ module }) => module.startsWith(scope) && !entriesInAPage.includes(module),
    );
    expect(wrong).toEqual([]);
  });
});

test('backends know nothing of models and training', () => {
  const models = ['@patchbert/encoder', '@patchbert/train', '@patchbert/data'];
  const wrong = libraryPackages
    // The contract is no backend: it runs the steps of models on every one.
    .filter(({ name }) => name.startsWith('backend') && name !== 'backend-contract')
    .flatMap(outsideImports)
    .filter(({ module }) => models.includes(packageOf(module)));
  expect(wrong).toEqual([]);
});

test('no package needs itself, not even through what its tests use', () => {
  const edges = new Map(
    workspacePackages.map(({ manifest }) => [
      manifest.name,
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }),
    ]),
  );
  const reaches = (from: string, target: string, seen: Set<string>): boolean =>
    (edges.get(from) ?? []).some((next) => {
      if (next === target) {
        return true;
      }
      if (seen.has(next)) {
        return false;
      }
      seen.add(next);
      return reaches(next, target, seen);
    });
  expect([...edges.keys()].filter((name) => reaches(name, name, new Set()))).toEqual([]);
});

/** Imports of a package's sources that are not its own files. */
function outsideImports(one: WorkspacePackage): readonly { file: string; module: string }[] {
  return filesUnder(`${one.folder}/src`, '.ts').flatMap((file) =>
    importedModules(file)
      .filter((module) => !module.startsWith('.'))
      .map((module) => ({ file, module })),
  );
}

/** What is loaded with an entry such as `@patchbert/train/step`, through any number of files and of our packages. */
function modulesLoadedBy(entry: string): readonly { file: string; module: string }[] {
  const seen = new Set<string>();
  const loaded: { file: string; module: string }[] = [];
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    for (const module of loadedModules(file)) {
      loaded.push({ file, module });
      if (module.startsWith('.')) visit(posix.join(posix.dirname(file), module));
      else if (module.startsWith(scope)) visit(sourceOf(module));
    }
  };
  visit(sourceOf(entry));
  return loaded.filter(({ module }) => !module.startsWith('.'));
}

/** The source that is loaded in a page, as the manifest says: `@patchbert/train/step` -> `packages/train/src/step.ts`. */
function sourceOf(module: string): string {
  const { folder, manifest } = packageNamed(packageOf(module).slice(scope.length));
  const entries = manifest.exports as Readonly<Record<string, { readonly [sourceCondition]: PageSource }>>;
  const source = entries[`.${module.slice(packageOf(module).length)}`]![sourceCondition];
  return posix.join(folder, typeof source === 'string' ? source : source.browser);
}

/** `@scope/name/sub/path` -> `@scope/name`. */
function packageOf(module: string): string {
  return module
    .split('/')
    .slice(0, module.startsWith('@') ? 2 : 1)
    .join('/');
}

function isDeepImport(module: string): boolean {
  return module.startsWith(scope) && module !== packageOf(module) && !subPaths.includes(module);
}

function leavesFolder(folder: string, file: string, module: string): boolean {
  return module.startsWith('.') && !new URL(module, `file:///${file}`).pathname.startsWith(`/${folder}/src/`);
}

function packageNamed(name: string): WorkspacePackage {
  const found = libraryPackages.find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`package-graph: there is no package named ${name}`);
  }
  return found;
}
