/** Bundlers replace it; where nothing does, it is not defined. */
declare const process: { env: { NODE_ENV?: string } };

const warned = new Set<string>();

/** Tells the developer about a mistake, once a page; nothing in production. */
export function warnOnce(text: string): void {
  if (!isDevelopment() || warned.has(text)) return;
  warned.add(text);
  // eslint-disable-next-line no-console -- for developers, as React does
  console.warn(`vodrop: ${text}`);
}

function isDevelopment(): boolean {
  try {
    return process.env.NODE_ENV !== 'production';
  } catch {
    return false;
  }
}
