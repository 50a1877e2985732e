import { createFrame, Forecaster } from 'patchbert';

// Eight weeks of an hourly load: a daily and a weekly cycle. The last day is kept back to compare with.
const hours = Array.from({ length: 8 * 7 * 24 }, (_, hour) => hour);
const daily = (hour) => 20 * Math.sin((hour * Math.PI) / 12);
const weekly = (hour) => 8 * Math.sin((hour * Math.PI) / 84);
const load = (hour) => 100 + daily(hour) + weekly(hour) + 2 * Math.sin(hour * hour * 0.7);
const horizon = 24;
const [past, future] = [hours.slice(0, -horizon), hours.slice(-horizon)];
const frame = createFrame({
  name: 'load',
  channels: ['load'],
  columns: [Float32Array.from(past, load)],
  times: Float64Array.from(past, (hour) => Date.UTC(2026, 0, 1, hour)),
});

// No checkpoint is given, so an encoder is pretrained first; with 150 steps, for an example that ends soon.
const forecaster = await Forecaster.fit(frame, {
  horizon,
  contextLength: 96,
  calendar: true,
  pretrain: { steps: 150 },
  onEvent: (event) => event.type === 'stage' && console.log(event.text),
});
for (const { method, scores } of forecaster.results[0].methods) {
  console.log(`${method.padEnd(20)} test error ${scores.mse.toFixed(3)}`);
}

const { times, mean, quantiles } = await forecaster.predict(frame, { quantiles: [0.1, 0.9] });
const [low, high] = quantiles.map(({ columns }) => columns[0]);
for (let step = 0; step < horizon; step += 6) {
  const time = new Date(times[step]).toISOString().slice(0, 16);
  const forecast = `forecast ${mean[0][step].toFixed(1)} (${low[step].toFixed(1)} to ${high[step].toFixed(1)})`;
  console.log(`${time}  ${forecast}  truth ${load(future[step]).toFixed(1)}`);
}
await forecaster.dispose();
