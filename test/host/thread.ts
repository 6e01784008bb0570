/** Node 23.9 and later tell what one thread has worked; the extension host of older editors cannot. */
const cpu = (process as { threadCpuUsage?: () => { user: number; system: number } }).threadCpuUsage?.bind(
  process,
);

/** Milliseconds this thread has worked. */
function worked(): number {
  if (!cpu) return performance.now();
  const { user, system } = cpu();
  return (user + system) / 1000;
}

/**
 * Watches this thread, the extension host's, by a ticker: `longest` is the most milliseconds it worked between two
 * ticks. Where work cannot be told from waiting for a processor, waiting counts too.
 */
export function watchThread(): { longest(): number; stop(): void } {
  let longest = 0;
  let before = worked();
  const timer = setInterval(() => {
    const now = worked();
    longest = Math.max(longest, now - before);
    before = now;
  }, 5);
  return {
    longest: () => longest,
    stop: () => clearInterval(timer),
  };
}
