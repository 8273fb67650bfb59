export function withLogging(target: any, key: string, descriptor: PropertyDescriptor) {
  const original = descriptor.value;
  descriptor.value = async function (...args: any[]) {
    console.log(key);
    return original.apply(this, args);
  };
  return descriptor;
}
