import { didYouMean } from '@patchbert/errors';
import { showText } from '../csv/csv-place.ts';
import { tsfError } from './tsf-error.ts';
import { type TsfStep, tsfStep } from './tsf-frequency.ts';

export type TsfAttributeType = 'numeric' | 'string' | 'date';

/** What stands before `@data`. */
export interface TsfHeader {
  readonly relation?: string;
  readonly attributes: readonly { readonly name: string; readonly type: TsfAttributeType }[];
  readonly frequency?: string;
  readonly step?: TsfStep;
  readonly horizon?: number;
}

type MutableHeader = { -readonly [Key in keyof TsfHeader]: TsfHeader[Key] } & {
  attributes: { name: string; type: TsfAttributeType }[];
};

const TYPES: readonly string[] = ['numeric', 'string', 'date'] satisfies TsfAttributeType[];

export function emptyHeader(): MutableHeader {
  return { attributes: [] };
}

/** Takes one line of the header, such as `@frequency monthly`; tags without a meaning here are passed over. */
export function readTag(file: string, line: number, text: string, header: MutableHeader): void {
  const [tag = '', ...rest] = text.split(/\s+/);
  const value = rest.join(' ');
  switch (tag.toLowerCase()) {
    case '@relation':
      header.relation = value;
      break;
    case '@attribute':
      header.attributes.push(readAttribute(file, line, rest, header));
      break;
    case '@frequency':
      header.frequency = value;
      header.step = tsfStep(file, line, value);
      break;
    case '@horizon':
      header.horizon = Number(value);
      if (!(Number.isSafeInteger(header.horizon) && header.horizon > 0)) {
        throw tsfError(file, line, `the horizon is ${showText(value)}; expected a whole number, 1 or more.`);
      }
      break;
    default:
  }
}

function readAttribute(file: string, line: number, words: readonly string[], { attributes }: MutableHeader) {
  const [name = '', type = ''] = words;
  if (words.length !== 2 || !TYPES.includes(type)) {
    const hint = didYouMean(type, TYPES);
    throw tsfError(
      file,
      line,
      `${showText(['@attribute', ...words].join(' '))} is not an attribute; expected a name and one of ${TYPES.join(', ')}.${hint}`,
    );
  }
  if (attributes.some((attribute) => attribute.name === name)) {
    throw tsfError(file, line, `the attribute ${showText(name)} comes twice; rename one of them.`);
  }
  return { name, type: type as TsfAttributeType };
}
