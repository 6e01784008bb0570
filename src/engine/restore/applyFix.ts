/**
 * A request with what a fix changes of it (`Fix.set`): objects are merged by key, lists joined, everything else
 * is replaced.
 */
export function applyFix<T extends object>(request: T, set: object): T {
  const merged = { ...request } as Record<string, unknown>;
  for (const [key, value] of Object.entries(set)) {
    const before = merged[key];
    if (Array.isArray(before) && Array.isArray(value)) merged[key] = [...new Set([...before, ...value])];
    else if (isObject(before) && isObject(value)) merged[key] = applyFix(before, value);
    else merged[key] = value;
  }
  return merged as T;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
