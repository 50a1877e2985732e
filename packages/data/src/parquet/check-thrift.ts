/** Parts of Parquet's metadata lie less deep in each other. */
const DEEPEST = 32;

/** A 64-bit number takes no more bytes; the decoder takes time in the square of their number. */
const LONGEST_NUMBER = 10;

const [BYTE, INT16, INT64, DOUBLE, BINARY, LIST, STRUCT] = [3, 4, 6, 7, 8, 9, 12] as const;

/**
 * Walks over a structure in Thrift's compact protocol without building anything: the decoder makes room for as many parts as the
 * bytes claim, and numbers of any length.
 *
 * @returns the place behind it.
 * @throws Error when it is not whole, or claims more than its bytes can hold.
 */
export function checkThrift(view: DataView, start: number): number {
  return skipStruct(view, start, 0);
}

function skipStruct(view: DataView, start: number, depth: number): number {
  if (depth > DEEPEST) throw new Error('its metadata are too deep');
  let place = start;
  while (true) {
    const head = view.getUint8(place++);
    const type = head & 0x0f;
    if (type === 0) return place;
    // A number of the field of its own, unless it is given as a difference.
    if (head >> 4 === 0) place = skipNumber(view, place);
    place = skipElement(view, place, type, depth, false);
  }
}

function skipElement(view: DataView, place: number, type: number, depth: number, inList: boolean): number {
  switch (type) {
    case 1:
    case 2:
      return inList ? inside(view, place + 1) : place;
    case BYTE:
      return inside(view, place + 1);
    case INT16:
    case 5:
    case INT64:
      return skipNumber(view, place);
    case DOUBLE:
      return inside(view, place + 8);
    case BINARY: {
      const { value, end } = readNumber(view, place);
      return inside(view, end + value);
    }
    case LIST:
      return skipList(view, place, depth);
    case STRUCT:
      return skipStruct(view, place, depth + 1);
    default:
      throw new Error('its metadata are damaged');
  }
}

function skipList(view: DataView, start: number, depth: number): number {
  const head = view.getUint8(start);
  const long = head >> 4 === 15;
  const { value: count, end } = long ? readNumber(view, start + 1) : { value: head >> 4, end: start + 1 };
  // Every part takes a byte at least.
  inside(view, end + count);
  let place = end;
  for (let i = 0; i < count; i++) place = skipElement(view, place, head & 0x0f, depth + 1, true);
  return place;
}

function skipNumber(view: DataView, start: number): number {
  return readNumber(view, start).end;
}

/** A number in groups of 7 bits, the lowest first. */
export function readNumber(view: DataView, start: number): { readonly value: number; readonly end: number } {
  let value = 0;
  for (let i = 0; i < LONGEST_NUMBER; i++) {
    const byte = view.getUint8(start + i);
    value += (byte & 0x7f) * 2 ** (7 * i);
    if ((byte & 0x80) === 0) return { value, end: start + i + 1 };
  }
  throw new Error('a number of its metadata is too long');
}

function inside(view: DataView, place: number): number {
  if (place > view.byteLength) throw new Error('its metadata end too early');
  return place;
}
