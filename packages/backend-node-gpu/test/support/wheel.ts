import { writeFileSync } from 'node:fs';
import { crc32, deflateRawSync } from 'node:zlib';

/** What a wheel of TensorFlow for the CPU holds, as far as the command looks, with libraries of a few bytes. */
export const tensorflowWheel: Readonly<Record<string, string>> = {
  'tensorflow_cpu-2.21.0.dist-info/METADATA':
    'Metadata-Version: 2.4\nName: tensorflow_cpu\nVersion: 2.21.0\n',
  'tensorflow/libtensorflow_cc.so.2': 'a library, a library, a library',
  'tensorflow/libtensorflow_framework.so.2': '',
  'tensorflow/include/tensorflow/c/eager/c_api.h': '// the C API\n',
  'tensorflow/include/Eigen/Core': '// not needed\n',
  'tensorflow/python/keras.py': 'not needed',
};

/** Writes a zip archive with the given files. */
export function writeWheel(path: string, files: Readonly<Record<string, string>>): void {
  const [parts, directory]: [Buffer[], Buffer[]] = [[], []];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const packed = deflateRawSync(text);
    const fields = Buffer.alloc(22);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(text), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(Buffer.byteLength(text), 18);
    const nameLength = uint16(Buffer.byteLength(name));
    const local = Buffer.concat([
      Buffer.from('PK\x03\x04'),
      fields,
      nameLength,
      uint16(0),
      Buffer.from(name),
      packed,
    ]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(
      Buffer.from('PK\x01\x02'),
      uint16(20),
      fields,
      nameLength,
      tail.subarray(0, 2),
      tail.subarray(0, 2),
    );
    directory.push(tail.subarray(0, 8), tail.subarray(10), Buffer.from(name));
    parts.push(local);
    offset += local.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(entries.length, 8);
  end.writeUInt32LE(offset, 12);
  writeFileSync(path, Buffer.concat([...parts, entries, Buffer.from('PK\x05\x06'), end]));
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
