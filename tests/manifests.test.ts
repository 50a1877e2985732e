import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parseSource } from './support/syntax.ts';
import {
  type Manifest,
  publishedPackages,
  readManifest,
  readText,
  root,
  workspacePackages,
} from './support/workspace.ts';

const lifecycle =
  /^(pre|post)?(install|pack|publish|prepare)$|^prepublishOnly$|^dependencies$|^(pre|post)?uninstall$/;

/** A package that is something else in a page has a source for each. */
type Source = string | { readonly browser: string; readonly default: string };
type Conditions = Readonly<Record<string, Source>>;
type Exports = Readonly<Record<string, string | Conditions>>;

describe.each(publishedPackages.map((one) => [one.folder, one.manifest] as const))(
  '%s',
  (folder, manifest) => {
    test('is an ES module package that says what it is', () => {
      expect(manifest).toMatchObject({
        type: 'module',
        sideEffects: false,
        license: 'MIT',
        engines: { node: readManifest('.').engines && '>=20.19' },
        publishConfig: { access: 'public' },
      });
      expect(manifest.description).toMatch(/^\S.{20,}[^.]$/);
      expect(Object.keys(manifest)).not.toContain('main');
    });

    test('publishes the build and its sources, no build state', () => {
      expect(manifest.files).toEqual(expect.arrayContaining(['dist', 'src', '!dist/.tsbuildinfo']));
    });

    test('exports types first, default last, and files that exist', () => {
      const exported = manifest.exports as Exports;
      const publishedExports = (manifest.publishConfig as { exports: Exports }).exports;
      expect(Object.keys(publishedExports)).toEqual(Object.keys(exported));
      for (const [path, conditions] of Object.entries(exported)) {
        if (typeof conditions === 'string') {
          expect(publishedExports[path]).toBe(conditions);
          continue;
        }
        const { '@patchbert/source': sources, ...rest } = conditions;
        const inPage = typeof sources === 'object';
        const published = inPage ? ['types', 'browser', 'default'] : ['types', 'default'];
        expect(Object.keys(conditions)).toEqual(['@patchbert/source', ...published]);
        expect(publishedExports[path]).toEqual(rest);
        expect(Object.keys(publishedExports[path] as Conditions)).toEqual(published);
        const files = inPage ? [sources.browser, sources.default] : [sources ?? ''];
        for (const source of files) {
          expect(existsSync(join(root, folder, source)), `${source} exists`).toBe(true);
        }
        if (inPage) {
          // One declaration file serves both.
          const [page, node] = files.map((source) => exportedNames(join(folder, source)));
          expect(page).toEqual(node);
        }
      }
      expect(exported['./package.json']).toBe('./package.json');
    });

    test('runs nothing when it is installed', () => {
      const scripts = Object.keys((manifest.scripts ?? {}) as Record<string, string>);
      expect(scripts.filter((name) => lifecycle.test(name))).toEqual([]);
    });
  },
);

describe.each(workspacePackages.map((one) => [one.folder, one.manifest] as const))(
  '%s',
  (folder, manifest) => {
    test('takes every version from the catalog or the workspace', () => {
      const versions = (['dependencies', 'peerDependencies', 'devDependencies'] as const).flatMap((field) =>
        Object.entries(manifest[field] ?? {}),
      );
      const wrong = versions.filter(([name, version]) =>
        name.startsWith('@patchbert/') ? version !== 'workspace:^' : version !== 'catalog:',
      );
      expect(wrong).toEqual([]);
    });

    test('is a project of the whole build and references what it depends on', () => {
      const references = projectReferences('.');
      expect(references).toContain(folder);
      const expected = workspaceDependencies(manifest).map(
        (name) => workspacePackages.find((one) => one.manifest.name === name)?.folder,
      );
      expect(projectReferences(folder)).toEqual(expect.arrayContaining(expected));
    });
  },
);

test('the package manager is pinned to one version', () => {
  expect(readManifest('.').packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+$/);
});

function workspaceDependencies(manifest: Manifest): readonly string[] {
  return Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@patchbert/'));
}

/** Names that a list of re-exports exports. */
function exportedNames(path: string): readonly string[] {
  return parseSource(path)
    .statements.filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) =>
      exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : [],
    )
    .sort();
}

/** Folders a tsconfig references, as paths from the root. */
function projectReferences(folder: string): readonly string[] {
  const { references = [] } = JSON.parse(readText(`${folder}/tsconfig.json`)) as {
    references?: readonly { path: string }[];
  };
  return references.map(({ path }) => join(folder, path));
}
