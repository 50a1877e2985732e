import { didYouMean } from '@patchbert/errors';
import { listNames } from '../frame/select-channels.ts';

/** Names that an id column goes by. */
const ID_NAMES = ['id', 'item_id', 'unique_id', 'series_id', 'series', 'series_name', 'entity', 'group'];

/** The column of ids: the one named, else the only one with a usual name; or what is wrong, as a clause. */
export function findIdColumn(
  names: readonly string[],
  wanted: string | undefined,
): { readonly name: string } | { readonly problem: string } {
  if (wanted !== undefined) {
    if (names.includes(wanted)) return { name: wanted };
    const hint = didYouMean(wanted, names) || ` Columns: ${listNames(names)}.`;
    return { problem: `has no column ${JSON.stringify(wanted)}.${hint}` };
  }
  const usual = names.filter((name) => ID_NAMES.includes(name.toLowerCase()));
  if (usual.length === 1) return { name: usual[0]! };
  const found =
    usual.length === 0 ? 'has no column with a usual name for ids' : `has several (${listNames(usual)})`;
  return { problem: `${found}; set idColumn to one of ${listNames(names)}.` };
}
