/** Lists that are longer are counted. */
const mostNames = 12;

/** A receipt, whatever it states, as indented lines: names in words, lists on one line, nested facts below. */
export function receiptText(receipt: object): string {
  return lines(receipt, '').join('\n');
}

function lines(value: object, indent: string): readonly string[] {
  const entries = Object.entries(value).filter(([, inner]) => saysSomething(inner));
  const width = Math.max(
    ...entries.filter(([, inner]) => isPlain(inner)).map(([name]) => inWords(name).length),
  );
  return entries.flatMap(([name, inner]) => {
    if (isPlain(inner)) return [`${indent}${inWords(name).padEnd(width)}  ${plainText(inner)}`];
    const nested = Array.isArray(inner)
      ? inner.flatMap((item: object) => itemLines(item, `${indent}  `))
      : lines(inner as object, `${indent}  `);
    return nested.length === 0 ? [] : [`${indent}${inWords(name)}`, ...nested];
  });
}

function saysSomething(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/** One element of a list: its facts on one line when they fit, else one below the other. */
function itemLines(item: object, indent: string): readonly string[] {
  const entries = Object.entries(item).filter(([, inner]) => saysSomething(inner));
  if (!entries.every(([, inner]) => isPlain(inner))) return lines(item, indent);
  return [`${indent}${entries.map(([name, inner]) => `${inWords(name)} ${plainText(inner)}`).join(', ')}`];
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null || (Array.isArray(value) && value.every(isScalar));
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function plainText(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length > mostNames ? `${value.length} of them` : value.map(plainText).join(', ');
  }
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'number' && !Number.isInteger(value)
    ? String(Number(value.toPrecision(6)))
    : String(value);
}

/** `contextLength` -> `context length`. */
function inWords(name: string): string {
  return name.replace(
    /([a-z\d])([A-Z])/g,
    (_, before: string, after: string) => `${before} ${after.toLowerCase()}`,
  );
}
