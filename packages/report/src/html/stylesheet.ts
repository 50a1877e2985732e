/** The page's look: colours as custom properties (light, dark, print), system fonts, a 1000 px measure. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --panel: #f6f6f2; --ink: #1b1d22; --muted: #666a73; --rule: #c9cbc6; --grid: #e9e9e4;
  --model: #1c5bb8; --model-soft: #d5e2f4; --check: #c2491d; --truth: #1b1d22; --ruler: #a3712a; --hidden: #eceef4;
  --third: #2f8367; --fourth: #8a4c9e;
  --class-0: #1c5bb8; --class-1: #d9622b; --class-2: #2f8367; --class-3: #8a4c9e; --class-4: #c08a1e;
  --class-5: #c63d6e; --class-6: #3f9fc4; --class-7: #7b8a1f; --class-8: #6b6f78; --class-9: #7a4a2b;
  --ramp-low: #e3bb3c; --ramp-high: #2b3f94;
  --serif: "Iowan Old Style", "Palatino Linotype", Palatino, "URW Palladio L", Charter, Georgia, "Liberation Serif", serif;
  --sans: Inter, "Helvetica Neue", "Segoe UI", Roboto, Arial, "Liberation Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #14161a; --panel: #1b1e24; --ink: #e8e8e4; --muted: #9a9ea8; --rule: #454952; --grid: #272a31;
    --model: #74a7f2; --model-soft: #22344f; --check: #f08a5d; --truth: #e8e8e4; --ruler: #d3a45c; --hidden: #21252e;
    --third: #6cc2a2; --fourth: #c596d6;
    --class-0: #74a7f2; --class-1: #f08a5d; --class-2: #5fc09b; --class-3: #c596d6; --class-4: #e0b252;
    --class-5: #f07fa6; --class-6: #72cbe8; --class-7: #b9c654; --class-8: #a5a9b3; --class-9: #c39a7c;
    --ramp-low: #f5dc6a; --ramp-high: #5b74e6;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); }
body { margin: 0 auto; max-width: 1064px; padding: 56px 32px 72px; color: var(--ink);
  font: 15px/1.55 var(--sans); font-variant-numeric: tabular-nums; -webkit-font-smoothing: antialiased; }
h1, h2, .number { font-family: var(--serif); font-weight: 500; text-wrap: balance; }
h1 { margin: 4px 0 0; font-size: 38px; line-height: 1.15; letter-spacing: -0.01em; overflow-wrap: anywhere; }
h2 { margin: 0 0 6px; font-size: 23px; line-height: 1.25; }
p { margin: 0 0 14px; max-width: 84ch; text-wrap: pretty; }
section { margin-top: 52px; padding-top: 22px; border-top: 1px solid var(--rule); }
main > section:first-child { margin-top: 0; border-top: 0; }
.kicker { margin: 0; color: var(--muted); font-size: 12px; letter-spacing: 0.09em; text-transform: uppercase; max-width: none; }
.headline { display: grid; grid-template-columns: auto 1fr; gap: 6px 30px; align-items: center; margin: 34px 0 36px; }
.number { font-size: 92px; line-height: 1; letter-spacing: -0.03em; color: var(--model); white-space: nowrap; }
.number small { font-size: 0.52em; letter-spacing: 0; }
.headline p { margin: 0; font: 21px/1.4 var(--serif); max-width: 34ch; text-wrap: pretty; }
.headline p + p { grid-column: 2; font: 14px/1.5 var(--sans); color: var(--muted); max-width: 62ch; }
.facts { display: grid; grid-template-columns: repeat(6, auto); justify-content: space-between; gap: 14px 24px; margin: 0;
  padding: 14px 0; border-block: 1px solid var(--rule); }
.facts dt { color: var(--muted); font-size: 12px; }
.facts dd { margin: 0; font-size: 16px; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th { color: var(--muted); font-weight: 400; font-size: 12.5px; text-align: left; vertical-align: bottom; }
th, td { padding: 7px 14px 7px 0; border-bottom: 1px solid var(--grid); overflow-wrap: anywhere; }
thead th { border-bottom-color: var(--rule); }
tbody th { color: var(--ink); font-size: 14px; }
th:last-child, td:last-child { padding-right: 0; }
.n { text-align: right; white-space: nowrap; overflow-wrap: normal; }
.errors tr.model > * { font-weight: 600; }
.errors tr.model > .bar i { background: var(--model); }
.errors th:first-child { min-width: 12em; } .errors thead .n { white-space: normal; }
.errors .bar { width: 36%; padding-left: 18px; }
.bar i { display: block; height: 12px; min-width: 2px; background: var(--rule); }
.gallery + .results, figure + .results { margin-top: 24px; }
.results th:first-child { min-width: 10em; }
.results td, .results tbody th { padding-block: 5px; } .results thead .n { white-space: normal; }
.results .group th { padding-top: 22px; font-size: 13px; color: var(--muted); border-bottom-color: var(--rule); }
.results thead + tbody .group th { padding-top: 12px; }
.results .group b { margin-right: 10px; color: var(--ink); font: 500 16px/1.3 var(--serif); }
.results .bar { width: 20%; padding-left: 18px; } .results tr.ours > .bar i { background: var(--model); }
.results small { color: var(--muted); font-size: 12px; }
.results.after { margin-top: 26px; } .results .soft { color: var(--muted); font-size: 12.5px; }
.scores thead th { padding-left: 4px; } .scores th:first-child { padding-left: 0; }
.lead { font: 18px/1.45 var(--serif); max-width: 68ch; }
.results .range { width: 19%; padding-left: 20px; } .range div { position: relative; height: 28px; margin: -6px 0; }
.range .ends { display: flex; justify-content: space-between; }
.range u { position: absolute; top: 0; bottom: 0; border-left: 1px solid var(--ruler); }
.range i { position: absolute; top: 13px; height: 2px; background: var(--rule); }
.range b { position: absolute; top: 9px; width: 10px; height: 10px; margin-left: -5px; border-radius: 50%;
  background: var(--muted); }
.range b.beyond { border-radius: 0; background: none; border: 5px solid transparent; border-right-color: var(--muted); }
.ours .range b { background: var(--model); } .ours .range i { background: var(--model); }
.ours .range b.beyond { background: none; border-right-color: var(--model); }
.halves { display: grid; grid-template-columns: 1fr 1fr; gap: 20px 40px; align-items: start; margin-top: 14px; }
.halves > * { min-width: 0; margin-top: 0; } .halves .results th:first-child { min-width: 0; }
.square { max-width: 660px; } .wrong { color: var(--check); }
.columns { max-width: 480px; }
.glyph { display: inline-flex; align-items: center; gap: 6px; color: var(--ink); overflow-wrap: anywhere; }
figure .glyph svg { display: inline-block; width: 12px; flex: none; }
.ramp i { display: inline-block; width: 120px; height: 10px; margin: 0 8px; vertical-align: -1px;
  background: linear-gradient(in oklch to right, var(--ramp-low), var(--ramp-high)); }
tr.ours > * { background: var(--model-soft); } tr.ours > th { font-weight: 600; box-shadow: -8px 0 var(--model-soft); }
tr.ours > :last-child { box-shadow: 8px 0 var(--model-soft); }
b.best { font-weight: 700; border-bottom: 2px solid var(--model); }
.passed { color: var(--third); white-space: nowrap; } .failed { color: var(--check); white-space: nowrap; font-weight: 700; }
.choices { display: grid; grid-template-columns: repeat(3, 1fr); gap: 22px 40px; margin-top: 14px; }
.choices > div { min-width: 0; } .choices h3 { margin: 0 0 4px; font: 500 16px/1.3 var(--serif); }
.choices th, .choices td { padding-block: 4px; font-size: 13px; } .choices th { color: var(--muted); }
.named th { width: 24%; vertical-align: top; color: var(--muted); }
figure { margin: 18px 0 0; min-width: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; overflow: visible; }
figure svg text { font-family: var(--sans) !important; }
figcaption { margin-top: 8px; color: var(--muted); font-size: 13px; line-height: 1.45; max-width: 90ch; }
figcaption b { color: var(--ink); font-weight: 600; }
.gallery { display: grid; grid-template-columns: 1fr 1fr; gap: 22px 32px; }
.gallery figure { margin: 0; }
.gallery h3, .wide h3, .curves h3 { margin: 0 0 2px; font-size: 13.5px; font-weight: 600; overflow-wrap: anywhere; }
.gallery + figcaption { margin-top: 16px; }
.curves { display: grid; grid-template-columns: 640fr 340fr; gap: 20px; align-items: start; }
.curves .small { display: grid; gap: 8px; }
.key { white-space: nowrap; color: var(--ink); }
.key::before { content: ""; display: inline-block; width: 18px; margin: 0 6px 0 2px; vertical-align: 0.28em;
  border-top: 2.5px solid var(--c, var(--ink)); }
.keys { display: flex; flex-wrap: wrap; gap: 2px 20px; } .keys .key { white-space: normal; overflow-wrap: anywhere; }
.key.dashed::before { border-top-style: dashed; border-top-width: 2px; }
.key.dotted::before { border-top-style: dotted; border-top-width: 2px; }
.key.dot::before { width: 9px; height: 9px; border: 2px solid var(--c); border-radius: 50%; vertical-align: -0.06em; }
.key.ring::before { width: 11px; height: 11px; border: 1.6px solid var(--c); border-radius: 50%; vertical-align: -0.1em; }
.key.dot.full::before { background: var(--c); }
.key.area::before { height: 11px; border: 0; background: var(--c); outline: 1px solid var(--rule); vertical-align: -0.05em; }
.groups { columns: 3; column-gap: 40px; margin-top: 14px; }
.groups > div { margin-bottom: 22px; } .groups tr { break-inside: avoid; }
.groups h3 { break-after: avoid; margin: 0 0 4px; font: 500 16px/1.3 var(--serif); }
.groups th, .groups td { padding: 4px 10px 4px 0; font-size: 13px; vertical-align: top; }
.groups th { color: var(--muted); white-space: nowrap; }
.groups td { padding-right: 0; text-align: right; }
.note { color: var(--muted); font-size: 13px; overflow-wrap: anywhere; }
pre { margin: 12px 0 0; padding: 12px 16px; background: var(--panel); font: 13px/1.5 var(--mono); white-space: pre-wrap;
  overflow-wrap: anywhere; }
footer { margin-top: 56px; color: var(--muted); font-size: 12.5px; }
@media screen and (max-width: 760px) {
  body { padding: 28px 18px 48px; }
  .headline { grid-template-columns: 1fr; } .headline p + p { grid-column: 1; }
  .number { font-size: 72px; }
  .facts { grid-template-columns: repeat(2, 1fr); }
  .gallery, .curves, .halves { grid-template-columns: 1fr; } .choices { grid-template-columns: 1fr 1fr; } .groups { columns: 1; }
  figure { overflow-x: auto; } figure svg[viewBox^="0 0 1000"] { min-width: 680px; }
  .errors .bar, .results .bar, .results .range { display: none; } section { overflow-x: auto; }
}
@media print {
  @page { size: A4; margin: 16mm 14mm; }
  :root { --paper: #fff; }
  body { padding: 0; max-width: none; font-size: 12.5px; }
  h1 { font-size: 28px; } h2 { font-size: 18px; break-after: avoid; } p { break-after: avoid; }
  section { margin-top: 26px; padding-top: 16px; } tr, .curves { break-inside: avoid; }
  .number { font-size: 72px; } .headline { margin: 22px 0; } .headline p { font-size: 17px; }
  .facts { gap: 14px 12px; } .facts dd, table { font-size: 12px; } .facts dt { font-size: 10px; }
  th, td { padding-block: 4px; } tbody th { font-size: 12px; } .groups th, .groups td { font-size: 10px; padding-block: 2px; }
  .errors .bar { width: 24%; } pre { font-size: 11px; }
  figcaption, .note { font-size: 11px; } .gallery { gap: 14px 20px; }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`;
