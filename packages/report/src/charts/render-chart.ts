import { BarChart, CustomChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, MarkLineComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { replaceControlCharacters } from '../html/escape-html.ts';
import { type Html, html, trusted } from '../html/html.ts';

use([
  BarChart,
  CustomChart,
  LineChart,
  ScatterChart,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  SVGRenderer,
]);

export interface ChartFrame {
  /** Unique in the page, a plain word: names the chart's clip paths. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** What the chart shows, for readers who cannot see it. */
  readonly label: string;
}

/** Draws one ECharts chart on the server as an inline SVG: no scripts, colours from the page's custom properties. */
export function renderChart(option: EChartsCoreOption, { id, width, height, label }: ChartFrame): Html {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption({
      animation: false,
      useUTC: true,
      textStyle: { fontFamily: 'sans-serif', fontSize: 11.5, color: 'var(--muted)' },
      ...option,
    });
    const svg = plainSvg(chart.renderToSVGString({ useViewBox: true }), id);
    return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${trusted(svg)}</svg>`;
  } finally {
    chart.dispose();
  }
}

/** The inside of the drawing without ECharts' hover styles and markers, and with ids that depend on the page alone. */
function plainSvg(svg: string, id: string): string {
  return replaceControlCharacters(svg)
    .replace(/^[^<]*<svg[^>]*>|<\/svg>\s*$/g, '')
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/<[^>]+>/g, (tag) =>
      tag
        .replace(/ (?:ecmeta_\w+|class|pointer-events)="[^"]*"/g, '')
        .replace(/(id="|url\(#)zr\d+-/g, `$1${id}-`),
    )
    .replace(/\n+/g, '\n')
    .trim();
}
