/** The part of WebGPU that is used here. */
interface Gpu {
  requestAdapter(options?: { powerPreference?: string }): Promise<GpuAdapter | null>;
}

export interface GpuAdapter {
  readonly features: ReadonlySet<string>;
  readonly limits: object;
  readonly info: { readonly vendor: string; readonly architecture: string; readonly description: string };
  requestDevice(description: object): Promise<GpuDevice>;
}

export interface GpuDevice {
  readonly lost: Promise<{ readonly reason: string; readonly message: string }>;
  destroy(): void;
}

/** The graphics card that the browser offers this page; a string says why there is none. */
export async function requestAdapter(): Promise<GpuAdapter | string> {
  const { navigator } = globalThis as { navigator?: { gpu?: Gpu } };
  if (navigator?.gpu === undefined) {
    return 'this page has no WebGPU: it needs a browser with WebGPU, and an address that is https or localhost.';
  }
  const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' });
  return (
    adapter ?? "the browser offers no graphics card to WebGPU; see chrome://gpu or the browser's settings."
  );
}

/** Features that ONNX Runtime makes use of where they are. */
const FEATURES = ['shader-f16', 'subgroups'];

/** Limits below those of the card would only make ONNX Runtime refuse what the card can do. */
export function requestDevice(adapter: GpuAdapter): Promise<GpuDevice> {
  const requiredLimits: Record<string, number> = {};
  // The limits are getters of the prototype.
  for (const name in adapter.limits) {
    const limit = (adapter.limits as Record<string, unknown>)[name];
    if (typeof limit === 'number') requiredLimits[name] = limit;
  }
  const requiredFeatures = FEATURES.filter((feature) => adapter.features.has(feature));
  return adapter.requestDevice({ requiredFeatures, requiredLimits });
}

/** What to call a card, such as `google swiftshader`. */
export function describeAdapter({ info }: GpuAdapter): string {
  return info.description || [info.vendor, info.architecture].filter(Boolean).join(' ') || 'a graphics card';
}
