/** What browsers call it when WebGL computes on the processor. */
const IN_SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/** The graphics card behind a context, as far as the browser tells, and whether it is one at all. */
export function describeRenderer(gl: WebGLRenderingContext): string {
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info');
  const renderer = String(gl.getParameter(unmasked?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER));
  return IN_SOFTWARE.test(renderer) ? `${renderer}, in software on the processor` : renderer;
}
