/** WebAssembly text, assembled when the bundle is built. */
declare module '*.wat' {
  const bytes: Uint8Array<ArrayBuffer>;
  export { bytes as default };
}
