import { fileURLToPath } from 'node:url';

/** Path of a file in this package's `assets`, from the sources and from `dist` alike. */
export function bundledPath(name: string): string {
  return fileURLToPath(new URL(`../../assets/${name}`, import.meta.url));
}
