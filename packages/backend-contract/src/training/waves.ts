import { deriveKey, normals, type RandomKey, uniforms } from '@patchbert/random';

/** Waves of their own phase and frequency with noise, `[series * length]`, of about mean 0 and deviation 1. */
export function waves(series: number, length: number, key: RandomKey): Float32Array {
  const phases = uniforms(deriveKey(key, 'phase'), series);
  const noise = normals(deriveKey(key, 'noise'), series * length);
  return Float32Array.from({ length: series * length }, (_, i) => {
    const [s, t] = [Math.floor(i / length), i % length];
    return 1.2 * Math.sin(2 * Math.PI * phases[s]! + (0.3 + 0.2 * s) * t) + 0.3 * noise[i]!;
  });
}
