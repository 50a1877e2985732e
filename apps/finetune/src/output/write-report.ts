import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { summariseForecast } from '@patchbert/forecast';

/** Writes `report.html` into the folder of a forecaster; returns its path. */
export async function writeReport(folder: string, title: string): Promise<string> {
  // Charts take half of the program's start; only a finished run needs them.
  const { renderForecastReport } = await import('@patchbert/report');
  const page = renderForecastReport({ ...(await summariseForecast(folder)), title: `Forecasting ${title}` });
  const path = join(folder, 'report.html');
  await writeFile(path, page);
  return path;
}
