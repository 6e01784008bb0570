/** Two ways to do the same, timed in turn in one run, so that a machine that drifts slows both. */
export interface Pair {
  name: string;
  /** What the ratio should be: `theirs / ours` at least, or `ours / theirs` at most. */
  aim: string;
  runs?: number;
  ours(): Promise<void>;
  theirs(): Promise<void>;
  /** Which way the ratio is printed. */
  ratio: 'times faster' | 'of theirs';
}

export interface Timing {
  min: number;
  median: number;
  max: number;
}

function timing(values: number[]): Timing {
  const sorted = values.toSorted((a, b) => a - b);
  return { min: sorted[0]!, median: sorted[sorted.length >> 1]!, max: sorted.at(-1)! };
}

async function time(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** One warm-up of each, then A B A B …; prints both sides and the median of the pairwise ratios. */
export async function runPair({ name, aim, runs = 5, ours, theirs, ratio }: Pair): Promise<number> {
  await ours();
  await theirs();
  const a: number[] = [];
  const b: number[] = [];
  for (let i = 0; i < runs; i++) {
    a.push(await time(ours));
    b.push(await time(theirs));
  }
  const pairs = a.map((mine, i) => (ratio === 'times faster' ? b[i]! / mine : mine / b[i]!));
  const { min, median, max } = timing(pairs);
  const seconds = ({ min, median, max }: Timing): string =>
    `${(median / 1000).toFixed(2)} s (${(min / 1000).toFixed(2)}–${(max / 1000).toFixed(2)})`;
  console.log(`${name}
    ours   ${seconds(timing(a))}
    theirs ${seconds(timing(b))}
    ratio  ${median.toFixed(3)} ${ratio} (${min.toFixed(3)}–${max.toFixed(3)}); aim: ${aim}`);
  return median;
}
