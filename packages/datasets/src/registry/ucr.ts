import { classificationFiles } from './classification-files.ts';
import type { ClassificationDataset } from './dataset.ts';

/** The 128 univariate sets of the UCR archive in its 2018 version. */
const NAMES = `
  ACSF1 Adiac AllGestureWiimoteX AllGestureWiimoteY AllGestureWiimoteZ ArrowHead BME Beef BeetleFly
  BirdChicken CBF Car Chinatown ChlorineConcentration CinCECGTorso Coffee Computers CricketX CricketY
  CricketZ Crop DiatomSizeReduction DistalPhalanxOutlineAgeGroup DistalPhalanxOutlineCorrect
  DistalPhalanxTW DodgerLoopDay DodgerLoopGame DodgerLoopWeekend ECG200 ECG5000 ECGFiveDays
  EOGHorizontalSignal EOGVerticalSignal Earthquakes ElectricDevices EthanolLevel FaceAll FaceFour
  FacesUCR FiftyWords Fish FordA FordB FreezerRegularTrain FreezerSmallTrain Fungi GestureMidAirD1
  GestureMidAirD2 GestureMidAirD3 GesturePebbleZ1 GesturePebbleZ2 GunPoint GunPointAgeSpan
  GunPointMaleVersusFemale GunPointOldVersusYoung Ham HandOutlines Haptics Herring HouseTwenty
  InlineSkate InsectEPGRegularTrain InsectEPGSmallTrain InsectWingbeatSound ItalyPowerDemand
  LargeKitchenAppliances Lightning2 Lightning7 Mallat Meat MedicalImages MelbournePedestrian
  MiddlePhalanxOutlineAgeGroup MiddlePhalanxOutlineCorrect MiddlePhalanxTW MixedShapesRegularTrain
  MixedShapesSmallTrain MoteStrain NonInvasiveFetalECGThorax1 NonInvasiveFetalECGThorax2 OSULeaf OliveOil
  PLAID PhalangesOutlinesCorrect Phoneme PickupGestureWiimoteZ PigAirwayPressure PigArtPressure PigCVP
  Plane PowerCons ProximalPhalanxOutlineAgeGroup ProximalPhalanxOutlineCorrect ProximalPhalanxTW
  RefrigerationDevices Rock ScreenType SemgHandGenderCh2 SemgHandMovementCh2 SemgHandSubjectCh2
  ShakeGestureWiimoteZ ShapeletSim ShapesAll SmallKitchenAppliances SmoothSubspace SonyAIBORobotSurface1
  SonyAIBORobotSurface2 StarLightCurves Strawberry SwedishLeaf Symbols SyntheticControl ToeSegmentation1
  ToeSegmentation2 Trace TwoLeadECG TwoPatterns UMD UWaveGestureLibraryAll UWaveGestureLibraryX
  UWaveGestureLibraryY UWaveGestureLibraryZ Wafer Wine WordSynonyms Worms WormsTwoClass Yoga
`;

/** SHA-256 of the files that were at hand. */
const HASHES: Readonly<Record<string, string>> = {
  'ArrowHead_TEST.tsv': '6bc7a83f66c0651d95fefefb2560011d6a877b6ca4c113dda1c07aeaed4737e2',
  'ArrowHead_TRAIN.tsv': '04bb9fd2827650d3ec2f384507f083fbd4c3748f919cbace3831f87e0aff06a7',
  'ECG200_TEST.tsv': 'c8ac02caf98be23c47c044fde026219301ceaf0b2f97bc107bd0cd96330b867c',
  'ECG200_TRAIN.tsv': 'bd08b37147ebf205231ad43e02c42dd5c14bc348f4ccc7614f85634c8916bf21',
  'GunPoint_TEST.tsv': '5537eb2f3050e1514f3221b5f4c9799b350fb229ea15eed9e78bbae855505ccf',
  'GunPoint_TRAIN.tsv': '4d14e4f44a6230087cb4b4ed7844c8b0feb76f07a76108cc367d689e0de8f609',
  'ItalyPowerDemand_TEST.tsv': 'ab22aa53de4ef55f2e2bcbf0518565704aeec8d76f48ef1180903bf5814c47fc',
  'ItalyPowerDemand_TRAIN.tsv': 'fab46ef99232ada65773ed89b131954a91ec1da69803159cb1566f320dbaf22e',
  'OSULeaf_TEST.tsv': '89c846159a1ac5480bcc4e22f01afe0d3a67ef59878c27fca6d3ee9b0da980e9',
  'OSULeaf_TRAIN.tsv': '04684daa02bc30798ac0bad45f2b48440446b74e7b47ca4626df933a4f88e816',
  'PowerCons_TEST.tsv': 'b91872dc1dc1e6854bf8958c3359f6c389c918f2505323a874b919aea18a7bd1',
  'PowerCons_TRAIN.tsv': '6cb2fc9e818d28eae2cef5c7793537f8cef1ecb48f0ae25f4b57155fe2eea35a',
  'SyntheticControl_TEST.tsv': 'cd44464b200820913f928a952af78d512ee3924f6243053d28a6d45c0aacdb76',
  'SyntheticControl_TRAIN.tsv': '58af636cbd5592bdda45ba638629e40f17c08354aa545a61fd41b92582bdd176',
};

/** The UCR archive: tab-separated, one series per line, its label first. */
export const ucrDatasets: readonly ClassificationDataset[] = NAMES.trim()
  .split(/\s+/)
  .map((name) => ({
    name,
    task: 'classification',
    archive: 'UCR',
    title: `${name} of the UCR archive`,
    licence: 'unknown',
    citation:
      'Dau, H. A., Bagnall, A., Kamgar, K., Yeh, C.-C. M., Zhu, Y., Gharghabi, S., Ratanamahatana, C. A., Keogh, E. (2019). The UCR Time Series Archive. IEEE/CAA Journal of Automatica Sinica 6(6), 1293-1305.',
    homepage: 'https://www.cs.ucr.edu/~eamonn/time_series_data_2018/',
    files: classificationFiles(name, 'tsv', HASHES),
    alternativeFiles: [],
    folders: [`ucr/${name}`, name, 'ucr', ''],
  }));
