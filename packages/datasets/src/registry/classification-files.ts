import type { DatasetFile } from './dataset.ts';

/** `<name>_TRAIN.<extension>` and `<name>_TEST.<extension>`. */
export function classificationFiles(
  name: string,
  extension: string,
  hashes: Readonly<Record<string, string>>,
): readonly DatasetFile[] {
  return (['train', 'test'] as const).map((role) => {
    const file = `${name}_${role.toUpperCase()}.${extension}`;
    const sha256 = hashes[file];
    return { name: file, role, sha256: sha256 === undefined ? [] : [sha256] };
  });
}
