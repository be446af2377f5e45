/** Of sound that was not compressed, once it is; apart from the code that does it, which the page does not load. */
export const soundBitsPerSecond = 160_000;
