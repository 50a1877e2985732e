import { basename, dirname } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { parseSource, place, walk } from './support/syntax.ts';
import { filesUnder, libraryPackages, readText, workspacePackages } from './support/workspace.ts';

const mostLines = 400;
const mostReadmeLines = 80;

/** Names that say nothing about what is inside. */
const emptyNames = /^(utils?|helpers?|common|misc|managers?|shared|lib)$/;

const allSources = workspacePackages.flatMap(({ folder }) => filesUnder(`${folder}/src`, '.ts'));
const librarySources = libraryPackages.flatMap(({ folder }) => filesUnder(`${folder}/src`, '.ts'));
const handWritten = allSources.filter((path) => !isGenerated(path));
const testFiles = [
  ...workspacePackages.flatMap(({ folder }) => filesUnder(`${folder}/test`, '.ts')),
  ...filesUnder('tests', '.ts'),
];

describe('source files', () => {
  test(`have at most ${mostLines} lines`, () => {
    const long = handWritten.filter((path) => readText(path).trimEnd().split('\n').length > mostLines);
    expect(long).toEqual([]);
  });

  test('have names that say what is inside', () => {
    const wrong = handWritten.filter((path) => {
      const parts = [...dirname(path).split('/').slice(2), basename(path).replace(/(\.d)?\.ts$/, '')];
      return parts.some((part) => emptyNames.test(part) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part));
    });
    expect(wrong).toEqual([]);
  });

  test('have no default exports', () => {
    const wrong = handWritten.flatMap((path) =>
      parseSource(path)
        .statements.filter(
          (statement) =>
            ts.isExportAssignment(statement) ||
            (ts.canHaveModifiers(statement) &&
              ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)),
        )
        .map(place),
    );
    expect(wrong).toEqual([]);
  });

  test('silence no tool and leave no markers', () => {
    const marker =
      /\b(TODO|FIXME|XXX|HACK)\b|@ts-(ignore|nocheck|expect-error)|(eslint|biome)-(disable|ignore)/;
    const wrong = handWritten.filter((path) => marker.test(readText(path)));
    expect(wrong).toEqual([]);
  });

  test('cast nothing to any', () => {
    const wrong = handWritten.flatMap((path) =>
      nodesOf(path)
        .filter(({ kind }) => kind === ts.SyntaxKind.AnyKeyword)
        .map(place),
    );
    expect(wrong).toEqual([]);
  });
});

describe('library sources', () => {
  test('draw no unkeyed random numbers', () => {
    expect(
      usesOf((text) => /^Math\.random$|^tf\.(random\w*|truncatedNormal|multinomial|dropout)$/.test(text)),
    ).toEqual([]);
    expect(importsFromTensorflow(/^(random\w*|truncatedNormal|multinomial|dropout)$/)).toEqual([]);
  });

  test('read no tensor synchronously', () => {
    expect(usesOf((text) => /\.(dataSync|arraySync|bytesSync)$/.test(text))).toEqual([]);
  });

  test('print nothing', () => {
    expect(usesOf((text) => /^console\.|^process\.(stdout|stderr)$/.test(text))).toEqual([]);
  });

  test('read no environment variables', () => {
    expect(usesOf((text) => text === 'process.env')).toEqual([]);
  });
});

describe.each(libraryPackages.map(({ folder }) => folder))('%s', (folder) => {
  test('index.ts is a list of named re-exports', () => {
    const { statements } = parseSource(`${folder}/src/index.ts`);
    const wrong = statements.filter(
      (statement) =>
        !ts.isExportDeclaration(statement) ||
        statement.moduleSpecifier === undefined ||
        statement.exportClause === undefined ||
        !ts.isNamedExports(statement.exportClause),
    );
    expect(wrong.map(place)).toEqual([]);
    expect(statements.length, 'number of re-exports').toBeGreaterThan(0);
  });

  test('has tests', () => {
    expect(filesUnder(`${folder}/test`, '.test.ts').length).toBeGreaterThan(0);
  });
});

test.each([
  ...libraryPackages.map(({ folder }) => folder),
  ...filesUnder('apps', 'package.json').map(dirname),
])('%s has a short README with an example', (folder) => {
  const readme = readText(`${folder}/README.md`);
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(mostReadmeLines);
  expect(readme).toMatch(folder.startsWith('packages/') ? /^```ts$/m : /^```/m);
});

test('no test is skipped or runs alone', () => {
  const wrong = testFiles.flatMap((path) =>
    nodesOf(path)
      .filter(ts.isPropertyAccessExpression)
      .filter((node) => /^(test|it|describe)\.(only|skip|todo|fails)$/.test(node.getText()))
      .map(place),
  );
  expect(wrong).toEqual([]);
});

function nodesOf(path: string): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  walk(parseSource(path), (node) => nodes.push(node));
  return nodes;
}

/** Places in library sources where a property chain such as `Math.random` matches. */
function usesOf(matches: (text: string) => boolean): readonly string[] {
  return librarySources.flatMap((path) =>
    nodesOf(path)
      .filter(ts.isPropertyAccessExpression)
      .filter((node) => matches(node.getText().replace(/\s|\?/g, '')))
      .map(place),
  );
}

function importsFromTensorflow(name: RegExp): readonly string[] {
  return librarySources.flatMap((path) =>
    nodesOf(path)
      .filter(ts.isImportSpecifier)
      .filter(
        (node) => /^@tensorflow\//.test(moduleOf(node)) && name.test((node.propertyName ?? node.name).text),
      )
      .map(place),
  );
}

function moduleOf(node: ts.ImportSpecifier): string {
  const { moduleSpecifier } = node.parent.parent.parent as ts.ImportDeclaration;
  return (moduleSpecifier as ts.StringLiteral).text;
}

/** Code written by a generator, which says so in its first lines. */
function isGenerated(path: string): boolean {
  return readText(path).slice(0, 400).includes('@generated');
}
