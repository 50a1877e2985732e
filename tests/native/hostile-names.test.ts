import { type Browser, chromium } from 'playwright';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type ClassificationRun,
  type ForecastRun,
  type PretrainRun,
  renderClassificationReport,
  renderForecastReport,
  renderPretrainReport,
} from '../../packages/report/src/index.ts';
import { exampleClassificationRun } from '../../packages/report/test/example-classification-run.ts';
import { exampleForecastRun } from '../../packages/report/test/example-forecast-run.ts';
import { exampleRun } from '../../packages/report/test/example-run.ts';
import { chromiumFlags, findChromium } from '../support/machine.ts';

/** Each sets `attacked` or asks for a file, if a browser takes it for anything but text. */
const hostile = [
  '</script><script>attacked = 1</script>',
  '</title><script>attacked = 1</script>',
  '</style></head><body onload="attacked = 1">',
  '</text></svg><svg onload="attacked = 1">',
  '"><img src=x onerror="attacked = 1">',
  "' onmouseover='attacked = 1' autofocus onfocus='attacked = 1",
  '<iframe srcdoc="&lt;script&gt;parent.attacked = 1&lt;/script&gt;"></iframe>',
  '<meta http-equiv="refresh" content="0; url=https://attacker.example/">',
  '<base href="https://attacker.example/"><link rel=stylesheet href=x>',
  '--><script>attacked = 1</script><!--',
  ']]><script>attacked = 1</script>',
  '&lt;script&gt;attacked = 1&lt;/script&gt;',
  'javascript:attacked=1',
  'url(https://attacker.example/x)',
  '\u202e<script>attacked = 1</script>',
  '{{constructor.constructor("attacked = 1")()}}',
];

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium()!, args: [...chromiumFlags] });
});
afterAll(() => browser.close());

const reports: readonly (readonly [string, (names: readonly string[]) => string])[] = [
  ['pretraining', (names) => renderPretrainReport(renamed<PretrainRun>(exampleRun(), names))],
  ['forecast', (names) => renderForecastReport(renamed<ForecastRun>(exampleForecastRun(), names))],
  [
    'classification',
    (names) => renderClassificationReport(renamed<ClassificationRun>(exampleClassificationRun(), names)),
  ],
];

test.each(reports)(
  'a report of a %s shows hostile names as text, and does nothing else',
  async (_, render) => {
    // The policy of the page would hide what slips through: without it, escaping alone has to hold.
    const withoutPolicy = (page: string) =>
      page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    const expected = await opened(withoutPolicy(render(hostile.map((_, index) => `plain name ${index}`))));
    for (const first of [0, 5, 10]) {
      const names = [...hostile.slice(first), ...hostile.slice(0, first)];
      const page = render(names);
      expect(withoutPolicy(page)).not.toBe(page);
      const found = await opened(withoutPolicy(page));
      expect(found).toMatchObject({ attacked: false, requests: [], title: names[0] });
      expect(found.kinds.filter((kind) => !expected.kinds.includes(kind))).toEqual([]);
      for (const name of names) expect(found.text).toContain(name);
    }
  },
);

test('the policy of a report stops scripts and requests that are in it all the same', async () => {
  const attack = '<script>attacked = 1</script><img src="https://attacker.example/x" onerror="attacked = 1">';
  const page = renderPretrainReport(exampleRun()).replace('<main>', `<main>${attack}`);
  expect(page).toContain(attack);
  expect(await opened(page)).toMatchObject({ attacked: false, requests: [] });
});

/** Every text of a run that stands where names of the user's data, classes and files stand, replaced by the next of the names. */
function renamed<Run>(run: Run, names: readonly string[]): Run {
  let used = 0;
  const next = () => names[used++ % names.length]!;
  const named =
    /^(title|command|name|channel|label|method|id|truth|predicted|unit|what|value|detail|check|verdict|licence|citation|preset)$/;
  const replaced = (value: unknown, key: string): unknown => {
    if (typeof value === 'string') return named.test(key) ? next() : value;
    if (Array.isArray(value)) {
      const strings = key === 'classes' || (key === 'channels' && typeof value[0] === 'string');
      return value.map((one: unknown) => (strings && typeof one === 'string' ? next() : replaced(one, key)));
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([inner, part]) => [inner, replaced(part, inner)]));
  };
  return replaced(run, '') as Run;
}

interface Opened {
  readonly attacked: boolean;
  /** What the page asked for, itself apart. */
  readonly requests: readonly string[];
  /** Every kind of element and every attribute that is in it. */
  readonly kinds: readonly string[];
  readonly title: string;
  readonly text: string;
}

/** What a browser makes of a page. */
async function opened(html: string): Promise<Opened> {
  const page = await browser.newPage();
  const address = 'http://report.example/';
  const requests: string[] = [];
  await page.route('**/*', async (route) => {
    const url = route.request().url();
    if (url === address) return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    requests.push(url);
    return route.abort();
  });
  await page.goto(address, { waitUntil: 'load' });
  await page.mouse.move(200, 200);
  const found = await page.evaluate(() => ({
    attacked: 'attacked' in window,
    kinds: [
      ...new Set(
        [...document.querySelectorAll('*')].flatMap((element) => [
          `<${element.localName}>`,
          ...element.getAttributeNames(),
        ]),
      ),
    ],
    title: document.title,
    text: document.body.textContent ?? '',
  }));
  await page.close();
  return { ...found, requests: requests.filter((url) => !url.endsWith('/favicon.ico')) };
}
