/**
 * How much can be reached from an object: places in objects, lists and tables, and words of bytes.
 * Works on the built files only, whose private members are plain ones; what closures hold is not seen.
 */
export function stateSize(start: object, isForeign: (value: object) => boolean): number {
  const seen = new Set<object>();
  const found: object[] = [];
  const reach = (value: unknown): void => {
    const isObject = typeof value === 'object' || typeof value === 'function';
    if (!isObject || value === null || seen.has(value) || isForeign(value)) return;
    seen.add(value);
    found.push(value);
  };
  reach(start);
  let size = 0;
  // It grows while it is gone through.
  for (const object of found) {
    const parts = partsOf(object);
    size += 1 + (ArrayBuffer.isView(object) ? object.byteLength / 4 : parts.length);
    for (const part of parts) reach(part);
  }
  return size;
}

function partsOf(object: object): unknown[] {
  if (ArrayBuffer.isView(object)) return [];
  const own: unknown[] = [];
  for (const key of Reflect.ownKeys(object)) {
    const descriptor = Object.getOwnPropertyDescriptor(object, key);
    if (descriptor !== undefined && 'value' in descriptor) own.push(descriptor.value);
  }
  if (object instanceof Map) own.push(...object.keys(), ...object.values());
  if (object instanceof Set) own.push(...object.values());
  return own;
}
