/** The counter in memory alone: the package's index loads `node:cluster`, which edge runtimes lack. */
declare module 'rate-limiter-flexible/lib/RateLimiterMemory.js' {
  import type { RateLimiterMemory } from 'rate-limiter-flexible';
  const limiter: typeof RateLimiterMemory;
  export default limiter;
}
