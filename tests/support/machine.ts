import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { arch, platform } from 'node:os';

/** The browser that page tests run in: `PATCHBERT_CHROMIUM`, or a Chromium or Chrome where systems install it. */
export function findChromium(): string | undefined {
  const places = [
    process.env.PATCHBERT_CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/opt/google/chrome/chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ];
  return places.find((path) => path !== undefined && existsSync(path));
}

/** What headless Chromium needs to offer WebGL2 and WebGPU without a graphics card, in software. */
export const chromiumFlags: readonly string[] = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Chromium's Vulkan in software and the loader beside it, which native tests use where nothing else is set. */
const CHROMIUM_FOLDER = '/usr/lib/chromium';
const SWIFTSHADER = `${CHROMIUM_FOLDER}/vk_swiftshader_icd.json`;

/** Environment of native tests: which Vulkan driver to load, and where its loader is (libvulkan.so.1). */
export function vulkanEnvironment(): Record<string, string> {
  if (process.env.VK_ICD_FILENAMES !== undefined || !existsSync(SWIFTSHADER)) return {};
  return {
    VK_ICD_FILENAMES: SWIFTSHADER,
    XDG_RUNTIME_DIR: process.env.XDG_RUNTIME_DIR ?? '/tmp',
    LD_LIBRARY_PATH: [process.env.LD_LIBRARY_PATH, CHROMIUM_FOLDER].filter(Boolean).join(':'),
  };
}

/** What this machine lacks for the native tests, each with what to install; empty when they can run. */
export function missingForNative(): readonly string[] {
  if (platform() !== 'linux' || arch() !== 'x64') return ['Linux on x64'];
  return [
    ...(runs('g++', '--version') ? [] : ['a C++ compiler (apt-get install g++)']),
    ...(runs('python3', '-m', 'pip', '--version') ? [] : ['pip (apt-get install python3-pip)']),
    ...(hasVulkan() ? [] : ['a Vulkan driver (apt-get install chromium brings one in software)']),
  ];
}

function hasVulkan(): boolean {
  const drivers = process.env.VK_ICD_FILENAMES ?? SWIFTSHADER;
  return drivers.split(':').some((path) => existsSync(path)) || existsSync('/usr/share/vulkan/icd.d');
}

function runs(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
