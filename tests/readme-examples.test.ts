import { execFile } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileSnippets, folderWithPackages, snippetsOf } from './support/snippets.ts';
import { root, workspacePackages } from './support/workspace.ts';

const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const readmes = [
  'README.md',
  ...guides.map((name) => `docs/${name}`),
  ...workspacePackages.map(({ folder }) => `${folder}/README.md`),
];
const snippets = readmes.filter((path) => existsSync(join(root, path))).flatMap(snippetsOf);

// The examples use the packages as built and published, so `dist` must be current: `npm test` sees to that.
describe('examples in the READMEs and guides', () => {
  let folder = '';
  let errors: readonly (readonly string[])[] = [];

  beforeAll(() => {
    folder = folderWithPackages();
    errors = compileSnippets(snippets, folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('exist', () => {
    expect(snippets.length).toBeGreaterThan(0);
  });

  test.each(snippets.map(({ place }, index) => [place, index] as const))('%s', async (_place, index) => {
    expect(errors[index]).toEqual([]);
    const { stderr } = await promisify(execFile)(process.execPath, [`${index}.mjs`], { cwd: folder });
    expect(stderr).toBe('');
  });
});
