import { classificationFiles } from './classification-files.ts';
import type { ClassificationDataset } from './dataset.ts';
import { japaneseVowels } from './japanese-vowels.ts';

/** The 30 multivariate sets of the UEA archive of 2018. */
const NAMES = `
  ArticularyWordRecognition AtrialFibrillation BasicMotions CharacterTrajectories Cricket DuckDuckGeese
  ERing EigenWorms Epilepsy EthanolConcentration FaceDetection FingerMovements HandMovementDirection
  Handwriting Heartbeat InsectWingbeat JapaneseVowels LSST Libras MotorImagery NATOPS PEMS-SF PenDigits
  PhonemeSpectra RacketSports SelfRegulationSCP1 SelfRegulationSCP2 SpokenArabicDigits StandWalkJump
  UWaveGestureLibrary
`;

/** SHA-256 of the files that were at hand. */
const HASHES: Readonly<Record<string, string>> = {
  'BasicMotions_TEST.ts': '79213102bc6fca1a398ad98ce1185dff0208fa3d1465e687f48288946b0ff8dc',
  'BasicMotions_TRAIN.ts': '8dc43cc6306cb679c888c01e26f91772ac4441a916da43bac8b79734a538b9d6',
  'JapaneseVowels_TEST.ts': 'b3d41d6a0ca3bcad3afb9ca7d4365382aa51341e2e58bae2a574babdda5b9462',
  'JapaneseVowels_TRAIN.ts': '68a430eabd919cc77f40b1f5f3bc0dcafacc1486bca9260785aeb7d262cc78cd',
  'NATOPS_TEST.arff': '28d4ce7437f8134d971bd6a21ff427b73aef8526ace9a1d8dbcefb97f807553d',
  'NATOPS_TRAIN.arff': '34742861fc1b8ee11e348bfc7b9793ca4efb42720846697e8efbe95fb6cb0eb4',
};

/** The UEA archive: `.ts` files, or `.arff` where these are not there. */
export const ueaDatasets: readonly ClassificationDataset[] = NAMES.trim()
  .split(/\s+/)
  .map((name) => ({
    name,
    task: 'classification',
    archive: 'UEA',
    title: `${name} of the UEA archive`,
    licence: 'unknown',
    citation:
      'Bagnall, A., Dau, H. A., Lines, J., Flynn, M., Large, J., Bostrom, A., Southam, P., Keogh, E. (2018). The UEA multivariate time series classification archive. arXiv:1811.00075.',
    homepage: `https://www.timeseriesclassification.com/description.php?Dataset=${name}`,
    files: classificationFiles(name, 'ts', HASHES),
    alternativeFiles: [classificationFiles(name, 'arff', HASHES)],
    folders: [`uea/${name}`, name, 'uea', ''],
    ...(name === japaneseVowels.name && japaneseVowels),
  }));
