/** What software that stands in for a graphics card is called. */
const IN_SOFTWARE = /swiftshader|llvmpipe|lavapipe|basic render/i;

/** Maker, architecture and name of a graphics card, as far as they are told, and whether it is one at all. */
export function describeAdapter({
  vendor,
  architecture,
  description,
  isFallbackAdapter,
}: GPUAdapterInfo): string {
  const parts = [vendor, architecture, description].filter((part) => part !== '');
  const name = parts.length === 0 ? 'a graphics card that the browser does not name' : parts.join(' ');
  return isFallbackAdapter || IN_SOFTWARE.test(name) ? `${name}, in software on the processor` : name;
}
