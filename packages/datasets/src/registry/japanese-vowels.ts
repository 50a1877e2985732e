import type { ClassificationDataset } from './dataset.ts';

/** What is known of Japanese Vowels beyond the other sets of its archive: it comes with this package. */
export const japaneseVowels = {
  name: 'JapaneseVowels',
  title: 'Japanese Vowels: two vowels of nine speakers, 12 cepstral coefficients',
  licence: 'CC BY 4.0',
  citation:
    'Kudo, M., Toyama, J., Shimbo, M. (1999). Japanese Vowels [Dataset]. UCI Machine Learning Repository. https://doi.org/10.24432/C5NS47',
  homepage: 'https://archive.ics.uci.edu/dataset/128/japanese+vowels',
  notes: '270 series for training, 370 for testing, of 7 to 29 points; the class is the speaker.',
  bundledFiles: [
    {
      name: 'japanese-vowels-train.ts.gz',
      role: 'train',
      sha256: ['f8accbbe72bb7f580dda3b5bd045d3cdc18e2b26587575a6b8124241c3779726'],
    },
    {
      name: 'japanese-vowels-test.ts.gz',
      role: 'test',
      sha256: ['6e4f74ad2aa26a05b7c3a4a0783b1c74a6f40ea3ff02a3b9a4822e59c50a5b86'],
    },
  ],
} as const satisfies Partial<ClassificationDataset>;
