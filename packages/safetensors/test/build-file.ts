/** A file with exactly this header and data, however wrong. */
export function buildFile(header: string | Uint8Array, dataLength = 0, declaredLength?: bigint): Uint8Array {
  const bytes = typeof header === 'string' ? new TextEncoder().encode(header) : header;
  const file = new Uint8Array(8 + bytes.length + dataLength);
  new DataView(file.buffer).setBigUint64(0, declaredLength ?? BigInt(bytes.length), true);
  file.set(bytes, 8);
  return file;
}

/** The header text of a file. */
export function headerOf(file: Uint8Array): string {
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return new TextDecoder().decode(file.subarray(8, 8 + length));
}
