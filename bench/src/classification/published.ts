/** Accuracies on the default split, as published: TS2Vec (Yue et al. 2022), MiniRocket (Dempster et al. 2021) and TST (Zerveas et al. 2021, as run by TS2Vec's authors). */
export const published: Readonly<
  Record<string, { readonly ts2vec: number; readonly miniRocket?: number; readonly tst: number }>
> = {
  ItalyPowerDemand: { ts2vec: 0.925, miniRocket: 0.963, tst: 0.845 },
  ECG200: { ts2vec: 0.92, miniRocket: 0.91, tst: 0.83 },
  ArrowHead: { ts2vec: 0.857, miniRocket: 0.863, tst: 0.771 },
  PowerCons: { ts2vec: 0.961, miniRocket: 0.994, tst: 0.911 },
  OSULeaf: { ts2vec: 0.851, miniRocket: 0.959, tst: 0.545 },
  GunPoint: { ts2vec: 0.98, miniRocket: 0.993, tst: 0.827 },
  SyntheticControl: { ts2vec: 0.997, miniRocket: 0.987, tst: 0.49 },
  JapaneseVowels: { ts2vec: 0.984, tst: 0.978 },
  NATOPS: { ts2vec: 0.928, tst: 0.85 },
  BasicMotions: { ts2vec: 0.975, tst: 0.975 },
};
