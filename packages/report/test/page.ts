import { expect } from 'vitest';

/** A page that runs no scripts, refers to nothing outside and gives each drawing ids of its own. */
export function expectClosedPage(page: string): void {
  expect(page).not.toMatch(/<(script|link|img|iframe|object|embed|image|use|foreignObject|base|a)\b/i);
  expect(page).not.toMatch(/\s(on\w+|src|href|xlink:href|srcset|action|style="[^"]*url)\s*=/i);
  expect(page).not.toMatch(/@import|url\((?!#)/i);
  expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  const ids = [...page.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
  expect(ids.length).toBeGreaterThan(0);
  expect(new Set(ids).size).toBe(ids.length);
}

/** The names of all tags in order. */
export function tagNames(page: string): string[] {
  return [...page.matchAll(/<(\w+)/g)].map((match) => match[1]!);
}
