import ts from 'typescript';
import { readText } from './workspace.ts';

/** Every module a source file names in an import, an export or a dynamic import; types count too. */
export function importedModules(path: string): readonly string[] {
  return ts.preProcessFile(readText(path), true, true).importedFiles.map(({ fileName }) => fileName);
}

/** Modules that are loaded when a source file runs: those of `importedModules` but for imports and exports of types alone. */
export function loadedModules(path: string): readonly string[] {
  const typesAlone = parseSource(path).statements.filter(
    (statement) =>
      (ts.isImportDeclaration(statement) &&
        statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly),
  );
  const text = readText(path);
  const rest = typesAlone.reduce((left, one) => left.replace(one.getText(), ''), text);
  return ts.preProcessFile(rest, true, true).importedFiles.map(({ fileName }) => fileName);
}

/** The syntax tree of a source file; comments and strings cannot be mistaken for code in it. */
export function parseSource(path: string): ts.SourceFile {
  return ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true);
}

/** Calls `visit` for a node and everything below it. */
export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

/** `file:line` of a node, for messages. */
export function place(node: ts.Node): string {
  const source = node.getSourceFile();
  return `${source.fileName}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
