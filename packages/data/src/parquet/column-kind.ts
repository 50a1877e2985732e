import type { SchemaTree } from 'hyparquet';

/** What a column holds: values, time stamps, texts, or something this package has no use for, in words. */
export type ColumnKind = 'number' | 'time' | 'text' | { readonly unusable: string };

/** Reads the kind from the schema: nothing is guessed from values. */
export function columnKind({ element, children }: SchemaTree): ColumnKind {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (children.length > 0 || element.repetition_type === 'REPEATED') return { unusable: 'nested values' };
  const kind = logical?.type ?? converted;
  switch (kind) {
    case 'TIMESTAMP':
    case 'TIMESTAMP_MILLIS':
    case 'TIMESTAMP_MICROS':
    case 'DATE':
      return 'time';
    case 'DECIMAL':
    case 'FLOAT16':
    case 'INTEGER':
    case 'NULL':
      return 'number';
    case 'STRING':
    case 'UTF8':
    case 'ENUM':
    case 'UUID':
      return 'text';
    case 'TIME':
    case 'TIME_MILLIS':
    case 'TIME_MICROS':
      return { unusable: 'times of day' };
    case undefined:
      break;
    default:
      if (!/^U?INT_/.test(kind)) return { unusable: `values of type ${kind}` };
  }
  if (type === 'INT96') return 'time';
  if (type === 'BYTE_ARRAY') return 'text';
  return type === 'FIXED_LEN_BYTE_ARRAY' ? { unusable: 'bytes' } : 'number';
}
