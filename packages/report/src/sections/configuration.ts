import { type Html, html } from '../html/html.ts';

/** Every setting of the run, grouped as in its configuration file, then the environment and the command. */
export function configuration(run: ConfigurationParts): Html {
  const groups = [
    ...configGroups(run.config),
    { name: 'Environment', rows: Object.entries(run.environment ?? {}) },
  ].filter((group) => group.rows.length > 0);
  if (groups.length === 0 && run.command === undefined) return html``;
  return html`<section>
<h2>${run.environment === undefined ? 'Configuration' : 'Configuration and environment'}</h2>
<div class="groups">${groups.map(group)}</div>
${run.command === undefined ? undefined : html`<p class="note" style="margin: 18px 0 0">Command:</p><pre>${run.command}</pre>`}
</section>`;
}

export interface ConfigurationParts {
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: string | undefined;
}

interface Group {
  readonly name: string;
  readonly rows: readonly (readonly [string, string])[];
}

/** Plain settings first, then one group for each nested object; deeper levels get dotted names. */
function configGroups(config: Readonly<Record<string, unknown>>): Group[] {
  const plain: [string, string][] = [];
  const nested: Group[] = [];
  for (const [name, value] of Object.entries(config)) {
    if (isRecord(value)) nested.push({ name, rows: flatten(value, '') });
    else if (value !== undefined) plain.push([name, settingText(value)]);
  }
  return [{ name: 'Run', rows: plain }, ...nested];
}

function group({ name, rows }: Group): Html {
  return html`<div><h3>${spaced(name)}</h3><table><tbody>${rows.map(
    ([label, value]) => html`<tr><th scope="row">${label}</th><td>${value}</td></tr>`,
  )}</tbody></table></div>`;
}

function flatten(record: Readonly<Record<string, unknown>>, prefix: string): [string, string][] {
  return Object.entries(record).flatMap(([name, value]): [string, string][] => {
    if (value === undefined) return [];
    return isRecord(value) ? flatten(value, `${prefix}${name}.`) : [[`${prefix}${name}`, settingText(value)]];
  });
}

function settingText(value: unknown): string {
  if (Array.isArray(value)) return value.map(settingText).join(', ');
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
}

function spaced(name: string): string {
  const words = name.replace(
    /([a-z0-9])([A-Z])/g,
    (_, left: string, right: string) => `${left} ${right.toLowerCase()}`,
  );
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
