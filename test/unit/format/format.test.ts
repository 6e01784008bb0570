import assert from 'node:assert/strict';
import { formatBytes, formatDuration } from '../../../src/engine/format';

describe('format (unit)', () => {
  const sizes: [number, string][] = [
    [0, '0 B'],
    [999, '999 B'],
    [1024, '1.0 kB'],
    [10_188, '9.9 kB'],
    [10_240, '10 kB'],
    [83_886_080, '80 MB'],
    [1_395_864_371, '1.3 GB'],
    [1_073_741_823, '1.0 GB'],
    [2 ** 60, '1024 PB'],
  ];
  for (const [bytes, text] of sizes)
    it(`${bytes} bytes are ${text}`, () => assert.equal(formatBytes(bytes), text));

  const durations: [number, string][] = [
    [40, '0.0 s'],
    [9_940, '9.9 s'],
    [9_960, '10 s'],
    [59_600, '1 min 0 s'],
    [250_000, '4 min 10 s'],
    [3_599_900, '1 h 0 min'],
    [7_500_000, '2 h 5 min'],
  ];
  for (const [ms, text] of durations)
    it(`${ms} ms are ${text}`, () => assert.equal(formatDuration(ms), text));
});
