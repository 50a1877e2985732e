import { Classifier, createSeriesSet, Regressor } from 'patchbert';

// Recordings of a machine: vibration and sound, 40 to 60 points long. Some bearings run smoothly, some rattle, some hum.
const shapes = {
  smooth: (t) => Math.sin(t / 5),
  rattle: (t) => Math.sin(t / 5) + 0.8 * Math.sin(t * 2.1),
  hum: (t) => Math.sin(t / 5) + 0.8 * Math.sin(t * 0.9),
};
const classes = Object.keys(shapes);
const noise = (a, b) => Math.sin(a * 12.9898 + b * 78.233) * 0.2;
function recordings(count, first) {
  const numbers = Array.from({ length: count }, (_, i) => first + i);
  const kind = (i) => classes[i % classes.length];
  return {
    name: 'bearings',
    channels: ['vibration', 'sound'],
    series: numbers.map((i) => ({
      id: `bearing ${i}`,
      values: [1, 0.5].map((loudness) =>
        Float32Array.from(
          { length: 40 + ((i * 7) % 21) },
          (_, t) => loudness * shapes[kind(i)](t + i) + noise(i, t),
        ),
      ),
    })),
    labels: numbers.map(kind),
  };
}
const train = createSeriesSet(recordings(60, 0));
const test = createSeriesSet(recordings(30, 1000));

// A few steps of one network, for an example that ends soon. Leave all of these out for the recipe.
const soon = {
  members: 1,
  pretraining: { training: { steps: 40 } },
  fineTuning: { training: { steps: 60 } },
};
const classifier = await Classifier.fit(train, {
  ...soon,
  test,
  onEvent: (event) => event.type === 'stage' && console.log(event.text),
});
for (const { method, classes: scores } of classifier.results) {
  console.log(`${method.padEnd(40)} test accuracy ${scores.accuracy.toFixed(3)}`);
}
const labels = await classifier.predict(test);
const probabilities = await classifier.predictProba(test);
for (const i of [0, 1, 2]) {
  const share = Math.max(...probabilities[i]).toFixed(2);
  console.log(`${test.series[i].id}: predicted ${labels[i]} with ${share}, truth ${test.labels[i]}`);
}
await classifier.dispose();

// The same for a number per series: how loud was it?
const { labels: _kinds, ...unlabelled } = recordings(60, 0);
const loudness = ({ values }) => values[0].reduce((sum, value) => sum + value ** 2, 0) / values[0].length;
const measured = createSeriesSet({ ...unlabelled, targets: Float64Array.from(unlabelled.series, loudness) });
const regressor = await Regressor.fit(measured, { ...soon, adapt: 'ridge' });
const [value] = await regressor.predict(test);
console.log(`loudness ${value.toFixed(2)}, truth ${loudness(test.series[0]).toFixed(2)}`);
await regressor.dispose();
