import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { readText, root, workspacePackages } from './workspace.ts';

/** A TypeScript example of a Markdown file. */
export interface Snippet {
  /** `packages/ops/README.md:12`, the line of its first statement. */
  readonly place: string;
  readonly code: string;
}

/** Every fence of the language `ts` in a Markdown file, in order. */
export function snippetsOf(path: string): readonly Snippet[] {
  const text = readText(path);
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((fence) => ({
    place: `${path}:${text.slice(0, fence.index).split('\n').length + 1}`,
    code: fence[1] ?? '',
  }));
}

/** A temporary folder from which every workspace package, as built, and all they depend on can be imported. */
export function folderWithPackages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'patchbert-snippets-'));
  const links = new Map<string, string>();
  for (const { folder: source, manifest } of workspacePackages) {
    links.set(manifest.name, join(root, source));
    for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
      const installed = join(root, source, 'node_modules', name);
      if (!links.has(name) && existsSync(installed)) {
        links.set(name, installed);
      }
    }
  }
  for (const [name, target] of links) {
    const link = join(folder, 'node_modules', name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(target, link, 'dir');
  }
  return folder;
}

/**
 * Type-checks snippets as users would see them and writes them as programs, `0.mjs`, `1.mjs` and so on.
 * @returns the compiler's errors of each snippet, in order; an empty list means none
 */
export function compileSnippets(
  snippets: readonly Snippet[],
  folder: string,
): readonly (readonly string[])[] {
  const files = snippets.map((snippet, index) => {
    const file = join(folder, `${index}.mts`);
    writeFileSync(file, snippet.code);
    return file;
  });
  const program = ts.createProgram(files, {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    skipLibCheck: true,
    typeRoots: [join(root, 'node_modules/@types')],
    types: ['node'],
  });
  program.emit();
  return files.map((file) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
}
