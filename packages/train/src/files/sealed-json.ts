import { sha256 } from './durable-write.ts';

const SEAL = 'sha256';

/** The object with a hash of all that it says, so that damage to the file it is written to is seen. */
export function sealed<T extends object>(value: T): T & { readonly sha256: string } {
  const { [SEAL]: _, ...rest } = value as T & { sha256?: string };
  return { ...(rest as T), [SEAL]: sha256(JSON.stringify(rest)) };
}

/**
 * Whether parsed JSON has a seal that is not that of its content. One without a seal, as files were before, is not broken; neither
 * is one whose white space was changed.
 */
export function isSealBroken(json: unknown): boolean {
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, SEAL)) return false;
  const { [SEAL]: seal, ...rest } = json as Record<string, unknown>;
  return seal !== sha256(JSON.stringify(rest));
}
