import { describe, expect, test } from 'vitest';
import { readManifest, readText } from './support/workspace.ts';

const settings = readText('pnpm-workspace.yaml');
const lock = readText('pnpm-lock.yaml');

describe('the lock file', () => {
  /** `name@version` and all that is said of where it comes from, of every package. */
  const resolutions = [...sectionOf(lock, 'packages').matchAll(/^ {2}(\S.*):\n {4}resolution: (.*)$/gm)].map(
    ([, name, resolution]) => `${name!.replaceAll("'", '')} ${resolution}`,
  );

  test('names a tarball of the registry and its hash for every package, and nothing else', () => {
    expect(resolutions.length).toBeGreaterThan(400);
    // A tarball of another place, a git repository or a folder would stand in its name, beside the hash or in place of it.
    const fromRegistry = /^(@[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+\S* \{integrity: sha512-[A-Za-z0-9+/]{86}==\}$/;
    expect(resolutions.filter((one) => !fromRegistry.test(one))).toEqual([]);
  });

  test('holds each package that it uses', () => {
    const named = [...sectionOf(lock, 'packages').matchAll(/^ {2}(\S.*):$/gm)];
    expect(named.length).toBe(resolutions.length);
  });

  test('is never changed by an installation that scripts start', () => {
    const installs = ['scripts/install.mjs', 'scripts/start.mjs', 'scripts/check.mjs', '.ci/run'].flatMap(
      (path) => [...readText(path).matchAll(/^.*(?:'install'|pnpm install|npm (?:install|ci|i)\b).*$/gm)],
    );
    expect(installs.length).toBeGreaterThan(0);
    for (const [line] of installs) expect(line).toContain("'--frozen-lockfile'");
  });
});

describe('the package manager', () => {
  test('takes no release younger than a day, none with less proof than before, none from elsewhere', () => {
    expect(Number(setting('minimumReleaseAge'))).toBeGreaterThanOrEqual(24 * 60);
    expect(setting('trustPolicy')).toBe('no-downgrade');
    expect(setting('blockExoticSubdeps')).toBe('true');
    // None is let off.
    expect(settings).not.toMatch(/^(minimumReleaseAgeExclude|trustPolicyExclude|trustPolicyIgnoreAfter):/m);
  });

  test('runs no script of a dependency', () => {
    expect(setting('onlyBuiltDependencies')).toBe('[]');
    expect(settings).not.toMatch(/^(dangerouslyAllowAllBuilds|allowBuilds|neverBuiltDependencies):/m);
    expect(readManifest('.').pnpm).toBeUndefined();
  });
});

/** The value of a setting that stands on one line. */
function setting(name: string): string | undefined {
  return new RegExp(`^${name}: (.*)$`, 'm').exec(settings)?.[1];
}

/** From one heading of a YAML file to the next. */
function sectionOf(yaml: string, name: string): string {
  return new RegExp(`^${name}:\n([\\s\\S]*?)(?=^\\S|$(?![\\s\\S]))`, 'm').exec(yaml)?.[1] ?? '';
}
